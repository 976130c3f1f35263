#include "kernel/http/router.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "concejo/error.hpp"

using namespace kernel::http;
using Kind = Router::Match::Kind;

namespace {

Router a_router() {
    Router router;
    router.add("GET", "/", 1);
    router.add("GET", "/tablon", 2);
    router.add("GET", "/tablon/:id", 3);
    router.add("GET", "/tablon/archivo", 4);
    router.add("POST", "/tablon", 5);
    router.add("DELETE", "/tablon/:id", 6);
    router.add("GET", "/static/*", 7);
    router.add("GET", "/static/css/:name", 8);
    router.add("GET", "/año/:a/mes/:m", 9);
    router.add("GET", "/static/deep/*", 10);
    return router;
}

std::size_t found(const Router& router, const char* path, const char* method = "GET") {
    auto match = router.match(method, path);
    return match.kind == Kind::found ? match.route_id : 0;
}

}  // namespace

TEST_CASE("paths find their routes") {
    auto router = a_router();
    CHECK(found(router, "/") == 1);
    CHECK(found(router, "//") == 1);
    CHECK(found(router, "/tablon") == 2);
    CHECK(found(router, "/tablon/") == 2);
    CHECK(found(router, "//tablon//x") == 3);
    CHECK(found(router, "/tablon/archivo") == 4);
    CHECK(found(router, "/tablon", "POST") == 5);
    CHECK(found(router, "/tablon/7", "DELETE") == 6);
    CHECK(found(router, "/static/a") == 7);
    CHECK(found(router, "/static/a/b/c.css") == 7);
    CHECK(found(router, "/static/css/site.css") == 8);
    CHECK(found(router, "/static/css/a/b") == 7);
    CHECK(found(router, "/static/deep/a") == 10);
    CHECK(found(router, "/año/2026/mes/11") == 9);
    CHECK(found(router, "/static") == 0);
    CHECK(found(router, "/tablon/1/2") == 0);
    CHECK(found(router, "/Tablon") == 0);
}

TEST_CASE("parameters come decoded, whatever they hold") {
    auto router = a_router();
    CHECK(router.match("GET", "/tablon/a b%3F?ñ").param("id") == "a b%3F?ñ");
    CHECK(router.match("GET", "/año/2026/mes/11").param("m") == "11");
    CHECK(router.match("GET", "/static/css/a/b.css").param("*") == "css/a/b.css");
    CHECK(router.match("GET", "/tablon/:id").param("id") == ":id");
    CHECK(router.match("GET", "/tablon/*").param("id") == "*");
}

TEST_CASE("HEAD falls back to GET, and another method gets 405 with what is allowed") {
    auto router = a_router();
    CHECK(found(router, "/tablon/1", "HEAD") == 3);
    auto match = router.match("PUT", "/tablon/1");
    CHECK(match.kind == Kind::method_not_allowed);
    CHECK(match.allowed == std::vector<std::string>{"DELETE", "GET", "HEAD"});
    CHECK(router.match("POST", "/nothing").kind == Kind::not_found);
}

TEST_CASE("a path made to kill a regular expression is only not found") {
    auto router = a_router();
    CHECK(found(router, (std::string(100'000, '/') + "x").c_str()) == 0);
    std::string many;
    for (int i = 0; i < 4000; ++i) many += "/a";
    CHECK(found(router, many.c_str()) == 0);
    CHECK(found(router, ("/tablon/" + std::string(8000, 'a')).c_str()) == 3);
}

TEST_CASE("routes that match the same path are refused, naming both") {
    Router router;
    router.add("GET", "/a/:id", 1, "sede");
    CHECK_NOTHROW(router.add("GET", "/a/nuevo", 2, "sede"));
    CHECK_NOTHROW(router.add("POST", "/a/:id", 3, "cis"));
    CHECK_THROWS_WITH(router.add("GET", "/a/:other", 4, "sede"), Catch::Contains("/a/:id") &&
                                                                     Catch::Contains("/a/:other") &&
                                                                     Catch::Contains("route 1"));
    CHECK_THROWS_WITH(router.add("GET", "/a/x", 5, "cis"),
                      Catch::Contains("of sede") && Catch::Contains("of cis"));
    CHECK_THROWS_AS(router.add("GET", "/*", 6, "cis"), concejo::Error);
    CHECK_THROWS_AS(router.add("GET", "//a/:id/", 7, "sede"), concejo::Error);
    CHECK_NOTHROW(router.add("GET", "/a/x/y", 8, "cis"));
}

TEST_CASE("malformed patterns are refused") {
    Router router;
    for (auto pattern : {"", "a", "/a/*/b", "/a*", "/:", "/:a/:a", "/a?b", "/..", "/%41"})
        CHECK_THROWS_AS(router.add("GET", pattern, 1), concejo::Error);
    CHECK_THROWS_AS(router.add("BREW", "/a", 1), concejo::Error);
}

TEST_CASE("threads match at the same time") {
    const auto router = a_router();
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i) {
                auto id = std::to_string(t * 1000 + i);
                auto match = router.match("GET", "/tablon/" + id);
                wrong += match.route_id != 3 || match.param("id") != id;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(wrong == 0);
}
