// One subschema, parsed. Internal to schema*.cpp.
#pragma once

#include "kernel/config/node.hpp"
#include "kernel/config/schema.hpp"

#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace kernel::config {

using RulePointer = std::shared_ptr<const SchemaRule>;

struct SchemaRule {
    enum class Secrecy { open, required, allowed };

    Node source;                     ///< the text it was parsed from
    std::vector<std::string> types;  ///< object, array, string, integer, number, boolean; empty: any
    std::vector<std::pair<std::string, RulePointer>> properties;
    std::vector<std::string> required;
    RulePointer additional;       ///< of the keys that `properties` does not name
    bool any_additional = false;  ///< additionalProperties: true
    RulePointer items;
    std::vector<Node> allowed;  ///< enum
    std::optional<Node> constant;
    std::optional<double> minimum, maximum;
    std::optional<std::size_t> min_length, max_length, min_items, max_items;
    bool unique = false;
    std::optional<std::wregex> pattern;
    std::string pattern_text, format;
    std::optional<Node> default_value;
    std::vector<RulePointer> one_of;
    Secrecy secrecy = Secrecy::open;
    std::string code;      ///< "", "texto", "ine", "dir3" or "nif"
    std::string obsolete;  ///< what to use instead

    bool accepts(std::string_view type) const;
    const SchemaRule* property(std::string_view name) const;
    std::vector<std::string> property_names() const;
};

RulePointer parse_rule(const Node& node, Problems& problems);
void apply_rule(const SchemaRule& rule, Node& value, const std::string& path, Problems& problems,
                Completeness completeness);

/// What the rule says of a single value of the right type.
void check_scalar(const SchemaRule& rule, const Node& node, const std::string& path, Problems& problems);

/// Pieces of messages: "path: rest"; the value without secrets; "x debe ir entre comillas …".
std::string named(const std::string& path, std::string_view rest);
std::string shown_value(const Node& node);
std::string quote_message(const SchemaRule& rule, const std::string& text);
/// An unquoted number that begins with zero: the reader has reported it.
bool leading_zero(const Node& node);

/// Whether both are the same value, wherever they stand.
bool same_value(const Node& a, const Node& b);

/// "" where the text has this format or code; else what is wrong, in Spanish.
std::string format_complaint(std::string_view format, std::string_view text);
std::string code_complaint(std::string_view code, std::string_view text);
bool known_format(std::string_view format);

/// Valid UTF-8 as code points, for patterns that mean characters and not bytes.
std::wstring code_points(std::string_view utf8);

}  // namespace kernel::config
