// The installation's own addresses, the same under any host.
#include "kernel/web/site_fixture.hpp"

#include <catch2/catch.hpp>

using namespace kernel::web;
using concejo::Json;
namespace config = kernel::config;

TEST_CASE("the echo tells method, target and length, but not in production") {
    World w;
    auto sent = request("POST", "ajeno.test", "/-/echo?a=1");
    sent.body = "12345";
    const auto told = Json::parse(text_of(w.ask(std::move(sent))));
    CHECK(told["method"].as_string() == "POST");
    CHECK(told["target"].as_string() == "/-/echo?a=1");
    CHECK(told["length"].as_int() == 5);
    World production(config::Mode::produccion);
    CHECK(production.get("ribera.test", "/-/echo").status == 404);
    CHECK(production.get("ribera.test", "/-/routes").status == 404);
    CHECK(production.get("ribera.test", "/-/dev/components").status == 404);
    CHECK(production.get("ribera.test", "/-/live").status == 200);
}

TEST_CASE("the installation's own addresses take the methods that mean something there, and name them") {
    World w;
    struct Row {
        const char* target;
        const char* allow;
    };
    for (const auto& [target, allow] : {Row{"/-/live", "GET, HEAD"}, Row{"/-/ready", "GET, HEAD"},
                                        Row{"/-/routes", "GET, HEAD"}, Row{"/-/echo", "GET, HEAD, POST"}}) {
        INFO(target);
        for (const auto* method : {"GET", "HEAD"})
            CHECK(w.ask(request(method, "ajeno.test", target)).status == 200);
        for (const auto* method : {"PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"}) {
            const auto answer = w.ask(request(method, "ajeno.test", target));
            CHECK(answer.status == 405);
            CHECK(answer.field("Allow") == allow);
            CHECK_FALSE(answer.field("Content-Security-Policy").empty());
        }
        const bool takes_post = std::string_view(allow).ends_with("POST");
        CHECK(w.ask(request("POST", "ajeno.test", target)).status == (takes_post ? 200 : 405));
        const auto options = w.ask(request("OPTIONS", "ajeno.test", target));
        CHECK(options.status == 204);
        CHECK(options.field("Allow") == allow);
    }
    // What is refused counts as no visit.
    const auto hits = [&] {
        const auto routes = Json::parse(text_of(w.get("ribera.test", "/-/routes")));
        for (const auto& route : routes.at("routes").as_array()) {
            if (route.at("pattern").as_string() == "/-/live") return route.at("hits").as_int();
        }
        return std::int64_t{-1};
    };
    const auto before = hits();
    w.ask(request("DELETE", "ribera.test", "/-/live"));
    CHECK(hits() == before);
    w.get("ribera.test", "/-/live");
    CHECK(hits() == before + 1);
}
