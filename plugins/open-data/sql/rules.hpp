// What a stranger's statement may be made of.
#pragma once

#include <span>
#include <string_view>

namespace open_data::sql {

/// Of libpg_query's tree, by the names that it has there. Lists have blanks between.
struct Rule {
    std::string_view node;
    std::string_view
        nodes;  ///< members that hold other nodes; "larg:SelectStmt": one of that kind, without its name
    std::string_view scalars;  ///< members that are texts, numbers or booleans
};

std::span<const Rule> rules();
/// Null: statements may not have it.
const Rule* find_rule(std::string_view node);

bool is_allowed_function(std::string_view name);
bool is_allowed_operator(std::string_view name);
bool is_allowed_type(std::string_view name);
/// "SVFOP_CURRENT_DATE" and the like; not those that tell who asks or where.
bool is_allowed_value(std::string_view op);

}  // namespace open_data::sql
