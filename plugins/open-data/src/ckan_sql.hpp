// Conditions of statements with their parameters: what clients send is a parameter, always.
#pragma once

#include "sql_names.hpp"

#include <concejo/db.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace open_data::ckan {

/// What LIKE takes literally.
inline std::string like_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

struct Parameters {
    std::vector<concejo::Param> list;
    /// "$7", which stands for the value.
    std::string place(concejo::Param value) {
        list.push_back(std::move(value));
        return "$" + std::to_string(list.size());
    }
};

/// " LIMIT $1::bigint OFFSET $2::bigint".
inline std::string page(Parameters& parameters, std::int64_t limit, std::int64_t offset) {
    return " LIMIT " + parameters.place(limit) + "::bigint OFFSET " + parameters.place(offset) + "::bigint";
}

inline constexpr const char* seen_by_all = "d.state = 'published' AND NOT d.private";

}  // namespace open_data::ckan
