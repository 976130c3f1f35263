#include "kernel/web/route_table.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace kernel;
using namespace kernel::web;
using plugins::RouteKind;

namespace {

plugins::Route route(const char* plugin, RouteKind kind, const char* method, const char* pattern) {
    plugins::Route made;
    made.plugin_id = plugin;
    made.kind = kind;
    made.method = method;
    made.pattern = pattern;
    return made;
}

std::string refusal(std::vector<plugins::Route> routes) {
    plugins::Registry registry;
    registry.routes = std::move(routes);
    try {
        RouteTable table(registry, {});
        return "";
    } catch (const concejo::Error& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("two plugins on one path are refused, naming both") {
    const auto why = refusal({route("uno", RouteKind::page, "GET", "/avisos/:id"),
                              route("otro", RouteKind::page, "GET", "/avisos/nuevo")});
    CHECK(why.find("uno") != why.npos);
    CHECK(why.find("otro") != why.npos);
    CHECK(refusal({route("uno", RouteKind::page, "GET", "/avisos"),
                   route("otro", RouteKind::staff, "GET", "/avisos")})
              .empty());
}

TEST_CASE("first segments of the kernel's are no plugin's") {
    for (const auto* pattern : {"/-/x", "/api/x", "/es/x", "/en"})
        CHECK_FALSE(refusal({route("uno", RouteKind::bare, "GET", pattern)}).empty());
    CHECK_FALSE(refusal({route("uno", RouteKind::page, "GET", "/gestion/x")}).empty());
    CHECK(refusal({route("uno", RouteKind::bare, "GET", "/id/:x"),
                   route("uno", RouteKind::page, "GET", "/gestiones")})
              .empty());
}

TEST_CASE("a route answers only where its plugin is on") {
    plugins::Registry registry;
    registry.routes = {route("uno", RouteKind::page, "GET", "/avisos"),
                       route("uno", RouteKind::page, "POST", "/avisos")};
    const RouteTable table(registry, {});
    tenancy::Tenant on, off, broken;
    on.modules = {"uno"};
    broken.unavailable["uno"] = "x";
    Address address;
    address.kind = RouteKind::page;
    address.rest = "/avisos";
    CHECK(table.find(address, "GET", on).entry);
    CHECK(table.find(address, "HEAD", on).entry);
    CHECK(table.find(address, "GET", broken).entry);
    CHECK_FALSE(table.find(address, "GET", off).entry);
    CHECK(table.find(address, "PUT", on).allowed == std::vector<std::string>{"GET", "HEAD", "POST"});
    CHECK(table.find(address, "PUT", off).allowed.empty());
    CHECK(table.has_page("/avisos", on));
    CHECK_FALSE(table.has_page("/avisos", off));
}
