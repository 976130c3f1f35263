// What a path means before any route is looked at: its language, its kind, and the one way to write it.
#pragma once

#include "kernel/plugins/registry.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::web {

struct Address {
    plugins::RouteKind kind = plugins::RouteKind::bare;
    std::string language;    ///< pages and staff pages; empty otherwise
    std::string rest = "/";  ///< what the kind's patterns are matched against; begins with '/'
    bool root = false;       ///< "/": to be sent on to a language
    bool foreign = false;    ///< begins with a language that the municipality does not speak: 404
};

/// "/es/gestion/tablon/3" -> staff, "es", "/tablon/3". `languages` are the municipality's.
Address read_address(std::string_view path, const std::vector<std::string>& languages);

/// The other way round: "/es/tablon", "/es/gestion/tablon", "/api/tablon", "/tablon". The home page is
/// "/es/".
std::string write_address(plugins::RouteKind kind, std::string_view language, std::string_view rest);

/// Where a target with a trailing slash (or a home page without one, or doubled slashes) is to be sent. The
/// query stays.
std::optional<std::string> canonical_target(const Address& address, std::string_view target);

/// `query` (raw, without '?') without the parameters that only count visitors: utm_*, gclid, fbclid, mc_*…
std::string without_trackers(std::string_view query);

/// Where a login may send back to: a path of this site, under one of its languages; otherwise nothing.
std::optional<std::string> safe_return(std::string_view path, const std::vector<std::string>& languages);

}  // namespace kernel::web
