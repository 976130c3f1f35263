// Every address that answers, of plugins and of the kernel itself, and how often each was visited.
#pragma once

#include "kernel/http/application.hpp"
#include "kernel/http/router.hpp"
#include "kernel/web/shared_counters.hpp"
#include "kernel/web/visit.hpp"

#include <concejo/json.hpp>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kernel::web {

/// A page of the kernel's own.
using OwnHandler = std::function<http::Response(Visit&)>;
/// Says where a body goes before any of it is read.
using OwnAdmission = std::function<http::BodyAdmission(Visit&)>;

struct Entry {
    std::size_t number = 0;  ///< place in the table
    plugins::RouteKind kind = plugins::RouteKind::page;
    std::string method, pattern;
    std::string permission;  ///< staff: "" is every member of staff; api: "" is everybody
    bool open = false;       ///< a staff page that needs no session (the login itself)
    std::string only_in;     ///< slug of the one municipality that has it; "": all
    bool cached = false, uploads = false;
    bool lenient = false;  ///< an open API where a token that is no good is nobody's
    bool chunks = false;   ///< a program asks many times in a row: counts as reading, not as writing
    std::uint64_t body_limit = 0;
    const plugins::Route* plugin = nullptr;  ///< null: the kernel's own
    OwnHandler own;
    OwnAdmission admit;  ///< empty: bodies are read as the plan of the route says

    std::string owner() const { return plugin ? plugin->plugin_id : "kernel"; }
};

class RouteTable {
public:
    /// Throws concejo::Error (conflict), naming both routes, when two answer the same path.
    RouteTable(const plugins::Registry& registry, std::vector<Entry> own);

    struct Found {
        const Entry* entry = nullptr;
        std::vector<http::Field> parameters;
        std::vector<std::string> allowed;  ///< the path is known, the method is not
    };
    /// Only routes of plugins that are on for this tenant (or should be: `unavailable` ones are found too).
    Found find(const Address& address, std::string_view method, const tenancy::Tenant& tenant) const;

    const std::deque<Entry>& entries() const { return entries_; }
    /// Of a page route with exactly this pattern that serves the tenant.
    bool has_page(std::string_view pattern, const tenancy::Tenant& tenant) const;

    /// [{"kind","method","pattern","path","permission","owner","cached","uploads","hits"}].
    concejo::Json list(const SharedCounters& hits) const;

private:
    void add(Entry entry);

    std::deque<Entry> entries_;
    std::array<http::Router, 4> routers_;  ///< by kind
};

const char* name_of(plugins::RouteKind kind) noexcept;

constexpr http::AddressKind measured_as(plugins::RouteKind kind) noexcept {
    switch (kind) {
        case plugins::RouteKind::page:
            return http::AddressKind::page;
        case plugins::RouteKind::staff:
            return http::AddressKind::staff;
        case plugins::RouteKind::api:
            return http::AddressKind::api;
        case plugins::RouteKind::bare:
            break;
    }
    return http::AddressKind::bare;
}

}  // namespace kernel::web
