#include "accept.hpp"

#include <catch2/catch.hpp>

using open_data::preferred;

TEST_CASE("what a client likes most of a page and its metadata") {
    const std::vector<std::string_view> offered{"text/html", "application/rdf+xml", "text/turtle"};
    const auto chosen = [&](std::string_view accept) { return offered[preferred(accept, offered)]; };
    CHECK(chosen("") == "text/html");
    CHECK(chosen("*/*") == "text/html");
    CHECK(chosen("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8") == "text/html");
    CHECK(chosen("text/turtle") == "text/turtle");
    CHECK(chosen("TEXT/Turtle") == "text/turtle");
    CHECK(chosen("text/turtle, application/rdf+xml") == "text/turtle");
    CHECK(chosen("application/rdf+xml, text/turtle") == "application/rdf+xml");
    CHECK(chosen("text/turtle;q=0.1, application/rdf+xml") == "application/rdf+xml");
    CHECK(chosen("text/html;q=0.5, text/turtle ; q=0.9") == "text/turtle");
    CHECK(chosen("application/*, text/html;q=0.3") == "application/rdf+xml");
    CHECK(chosen("text/*;q=0.4, text/turtle;q=0.2, application/rdf+xml;q=0.3") == "text/html");
    CHECK(chosen("text/turtle;q=0") == "text/html");
    CHECK(chosen("text/html;q=0, */*;q=0.1") == "application/rdf+xml");
    CHECK(chosen("application/n-triples") == "text/html");
    CHECK(chosen(", ;q=1,,text/turtle;charset=utf-8;q=x, ;") == "text/html");
    CHECK(chosen("text/turtle;charset=utf-8") == "text/turtle");
}
