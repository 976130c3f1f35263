#include "kernel/web/route_table.hpp"

#include "kernel/i18n/catalogs.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kernel::web {

using concejo::Json;
using plugins::RouteKind;

namespace {

/// First segments that are the kernel's: a plugin's route behind one of them would never be reached.
void refuse_reserved(const Entry& entry) {
    const auto first = entry.pattern.substr(1, entry.pattern.find('/', 1) - 1);
    const bool reserved = entry.kind == RouteKind::bare
                              ? first.empty() || first == "-" || first == "api" || i18n::is_language(first)
                          : entry.kind == RouteKind::page ? first == "gestion"
                                                          : false;
    if (reserved)
        throw concejo::Error(
            concejo::ErrorKind::conflict,
            fmt::format("la ruta {} {} del complemento {} empieza como las del núcleo: elija otra",
                        entry.method, entry.pattern, entry.owner()));
}

bool serves(const Entry& entry, const tenancy::Tenant& tenant) {
    if (!entry.only_in.empty() && entry.only_in != tenant.config.slug) return false;
    return !entry.plugin || tenant.has(entry.plugin->plugin_id) ||
           tenant.unavailable.count(entry.plugin->plugin_id) != 0;
}

}  // namespace

const char* name_of(RouteKind kind) noexcept {
    switch (kind) {
        case RouteKind::page:
            return "page";
        case RouteKind::staff:
            return "staff";
        case RouteKind::api:
            return "api";
        case RouteKind::bare:
            break;
    }
    return "bare";
}

RouteTable::RouteTable(const plugins::Registry& registry, std::vector<Entry> own) {
    for (auto& entry : own) add(std::move(entry));
    for (const auto& route : registry.routes) {
        Entry entry;
        entry.kind = route.kind;
        entry.method = route.method;
        entry.pattern = route.pattern;
        entry.permission = route.permission;
        entry.cached = route.cached && route.method == "GET";
        entry.lenient = route.lenient;
        entry.uploads = route.uploads;
        entry.body_limit = route.body_limit;
        entry.plugin = &route;
        refuse_reserved(entry);
        add(std::move(entry));
    }
}

void RouteTable::add(Entry entry) {
    entry.number = entries_.size();
    routers_[static_cast<std::size_t>(entry.kind)].add(entry.method, entry.pattern, entry.number,
                                                       entry.owner());
    entries_.push_back(std::move(entry));
}

RouteTable::Found RouteTable::find(const Address& address, std::string_view method,
                                   const tenancy::Tenant& tenant) const {
    using Kind = http::Router::Match::Kind;
    const auto& router = routers_[static_cast<std::size_t>(address.kind)];
    auto match = router.match(method, address.rest);
    Found found;
    if (match.kind == Kind::found) {
        const auto& entry = entries_[match.route_id];
        if (!serves(entry, tenant)) return found;
        found.entry = &entry;
        found.parameters = std::move(match.params);
    } else if (match.kind == Kind::method_not_allowed) {
        for (auto& other : match.allowed) {
            const auto there = router.match(other, address.rest);
            if (there.kind == Kind::found && serves(entries_[there.route_id], tenant))
                found.allowed.push_back(std::move(other));
        }
    }
    return found;
}

bool RouteTable::has_page(std::string_view pattern, const tenancy::Tenant& tenant) const {
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.kind == RouteKind::page && entry.method == "GET" && entry.pattern == pattern &&
               serves(entry, tenant);
    });
}

Json RouteTable::list(const SharedCounters& hits) const {
    Json list = Json::array();
    for (const auto& entry : entries_) {
        list.push_back(Json::object({{"kind", name_of(entry.kind)},
                                     {"method", entry.method},
                                     {"pattern", entry.pattern},
                                     {"path", write_address(entry.kind, "{lang}", entry.pattern)},
                                     {"permission", entry.permission},
                                     {"owner", entry.owner()},
                                     {"cached", entry.cached},
                                     {"uploads", entry.uploads},
                                     {"hits", static_cast<long>(hits.count(entry.number))}}));
    }
    return list;
}

}  // namespace kernel::web
