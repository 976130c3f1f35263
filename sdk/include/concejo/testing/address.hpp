// Addresses in a test: a target taken apart, and the route that it matches.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concejo::inline v1::testing {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string percent_decoded(std::string_view text, bool form = false) {
    const auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += form && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

inline std::vector<std::string> path_segments(std::string_view path) {
    std::vector<std::string> all;
    while (!path.empty()) {
        const auto slash = path.find('/');
        if (slash != 0) all.emplace_back(path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return all;
}

/// "a=1&b=x%20y"
inline Fields query_fields(std::string_view text) {
    Fields all;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        const auto equals = pair.find('=');
        if (!pair.empty())
            all.emplace_back(
                percent_decoded(pair.substr(0, equals), true),
                equals == std::string_view::npos ? "" : percent_decoded(pair.substr(equals + 1), true));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return all;
}

/// What ":name" and a last "*" stand for, or nothing where the path is another.
inline std::optional<Fields> match_route(std::string_view pattern, std::string_view path) {
    const auto wanted = path_segments(pattern), given = path_segments(path);
    Fields found;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] == "*") {
            std::string rest;
            for (auto n = i; n < given.size(); ++n) rest += (rest.empty() ? "" : "/") + given[n];
            found.emplace_back("*", rest);
            return found;
        }
        if (i >= given.size()) return std::nullopt;
        if (wanted[i].starts_with(":"))
            found.emplace_back(wanted[i].substr(1), percent_decoded(given[i]));
        else if (wanted[i] != given[i])
            return std::nullopt;
    }
    if (given.size() != wanted.size()) return std::nullopt;
    return found;
}

}  // namespace concejo::inline v1::testing
