#include "kernel/web/address.hpp"

#include <catch2/catch.hpp>

using namespace kernel::web;
using kernel::plugins::RouteKind;

namespace {
const std::vector<std::string> both = {"es", "ca"};
}

TEST_CASE("a path says its kind and its language") {
    struct Case {
        const char* path;
        RouteKind kind;
        const char *language, *rest;
        bool root, foreign;
    };
    const Case cases[] = {
        {"/", RouteKind::bare, "", "/", true, false},
        {"/es", RouteKind::page, "es", "/", false, false},
        {"/ca/", RouteKind::page, "ca", "/", false, false},
        {"/es/tablon/3", RouteKind::page, "es", "/tablon/3", false, false},
        {"/es/gestion", RouteKind::staff, "es", "/", false, false},
        {"/es/gestion/tablon", RouteKind::staff, "es", "/tablon", false, false},
        {"/es/gestiones", RouteKind::page, "es", "/gestiones", false, false},
        {"/eu/tablon", RouteKind::bare, "", "/eu/tablon", false, true},
        {"/fr/tablon", RouteKind::bare, "", "/fr/tablon", false, false},
        {"/api/tablon", RouteKind::api, "", "/tablon", false, false},
        {"/apis", RouteKind::bare, "", "/apis", false, false},
        {"/id/abc", RouteKind::bare, "", "/id/abc", false, false},
        {"//es/tablon", RouteKind::page, "es", "/tablon", false, false},
    };
    for (const auto& c : cases) {
        INFO(c.path);
        const auto address = read_address(c.path, both);
        CHECK(address.kind == c.kind);
        CHECK(address.language == c.language);
        CHECK(address.rest == c.rest);
        CHECK(address.root == c.root);
        CHECK(address.foreign == c.foreign);
    }
}

TEST_CASE("an address is written in one way only") {
    const auto sent_to = [](std::string_view target) {
        return canonical_target(read_address(target.substr(0, target.find('?')), both), target).value_or("-");
    };
    CHECK(sent_to("/es/tablon") == "-");
    CHECK(sent_to("/es/tablon/") == "/es/tablon");
    CHECK(sent_to("/es/tablon/?q=a%20b") == "/es/tablon?q=a%20b");
    CHECK(sent_to("/es") == "/es/");
    CHECK(sent_to("/es/") == "-");
    CHECK(sent_to("/es?q=1") == "/es/?q=1");
    CHECK(sent_to("/es/gestion/") == "/es/gestion");
    CHECK(sent_to("/id//abc///") == "/id/abc");
    CHECK(sent_to("/") == "-");
    // Never a place elsewhere: a Location of "//host" would leave the site.
    CHECK(sent_to("//evil.example/") == "/evil.example");
    CHECK(sent_to("///es/tablon") == "/es/tablon");
}

TEST_CASE("written and read addresses agree") {
    for (const auto kind : {RouteKind::page, RouteKind::staff, RouteKind::api, RouteKind::bare}) {
        for (const auto* rest : {"/", "/tablon", "/tablon/3"}) {
            if (kind == RouteKind::bare && std::string_view(rest) == "/") continue;
            const auto path = write_address(kind, "ca", rest);
            INFO(path);
            const auto back = read_address(path, both);
            CHECK(back.kind == kind);
            CHECK(back.rest == rest);
        }
    }
    CHECK(write_address(RouteKind::page, "es", "/") == "/es/");
    CHECK(write_address(RouteKind::staff, "es", "/") == "/es/gestion");
}

TEST_CASE("parameters that only count visitors do not make another page") {
    CHECK(without_trackers("utm_source=x&p=2&utm_medium=y") == "p=2");
    CHECK(without_trackers("fbclid=1&gclid=2").empty());
    CHECK(without_trackers("a=1&&b=2") == "a=1&b=2");
    CHECK(without_trackers("") == "");
}

TEST_CASE("a login sends back to a page of this site and nowhere else") {
    for (const auto* good :
         {"/es/gestion", "/es/gestion/tablon?p=2", "/ca/tablon", "/es/", "/es/gestion/a%20b"})
        CHECK(safe_return(good, both) == std::string(good));
    for (const auto* bad :
         {"", "es/gestion", "//evil.example/es/", "/\\evil.example", "https://evil.example/es/",
          "/es/..//evil", "/es//evil.example", "/es/\r\nSet-Cookie: a=b", "/es/gestion#x", "/es/ gestion",
          "javascript:alert(1)", "/eu/gestion", "/api/x", "/-/echo", "/es/tabl\xc3\xb3n", "\t/es/",
          "/\t/evil.example"}) {
        INFO(bad);
        CHECK_FALSE(safe_return(bad, both).has_value());
    }
    CHECK_FALSE(safe_return("/es/" + std::string(2000, 'a'), both).has_value());
}
