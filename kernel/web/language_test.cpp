#include "kernel/web/language.hpp"

#include <catch2/catch.hpp>

using namespace kernel::web;
using kernel::http::Request;

namespace {
const std::vector<std::string> five = {"es", "ca", "gl", "eu", "en"};
}

TEST_CASE("Accept-Language as RFC 9110 weighs it") {
    struct Case {
        const char *field, *answer;
    };
    const Case cases[] = {
        {"ca", "ca"},
        {"ca-ES", "ca"},
        {"ca-valencia;q=0.9, es;q=0.8", "ca"},
        {"en-GB,en;q=0.9,es;q=0.8", "en"},
        {"fr,de;q=0.9", ""},
        {"fr,gl;q=0.1", "gl"},
        {"es;q=0,eu;q=0.5", "eu"},
        {"*", "es"},
        {"es;q=0, *;q=0.3", "ca"},
        {"eu;q=0.5, gl;q=0.7, ca;q=0.6", "gl"},
        {"EU", "eu"},
        {"", ""},
        {";;;,,,q=", ""},
        {"eu;q=abc, gl;q=0.2", "gl"},
        {"espanol", ""},
    };
    for (const auto& c : cases) {
        INFO(c.field);
        CHECK(accepted_language(c.field, five) == c.answer);
    }
}

TEST_CASE("the cookie wins over Accept-Language, and the municipality's first language is the last resort") {
    Request request;
    CHECK(negotiate(request, {"gl", "es"}) == "gl");
    request.fields.push_back({"Accept-Language", "es"});
    CHECK(negotiate(request, {"gl", "es"}) == "es");
    request.fields.push_back({"Cookie", "a=b; concejo-idioma=gl"});
    CHECK(negotiate(request, {"gl", "es"}) == "gl");
    request.fields.back().value = "concejo-idioma=fr";
    CHECK(negotiate(request, {"gl", "es"}) == "es");
}
