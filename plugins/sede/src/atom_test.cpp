#include "atom.hpp"
#include "openapi.hpp"
#include "tests/support/xml.hpp"

#include <catch2/catch.hpp>

using namespace sede;

namespace {

Feed a_feed() {
    Feed feed{"Tablón <&> «Peña»",
              "https://sede.example/es/tablon",
              "https://sede.example/es/tablon/atom.xml?tipo=edicto&q=a",
              "Ayuntamiento de Valdehermoso",
              "es",
              {}};
    feed.entries.push_back(
        {"urn:uuid:0b1d0f4e-7f0c-4c34-9d9a-52f1a5a0c001",
         "Bases & \"anexos\" <1>",
         "https://sede.example/es/tablon/2026-0043",
         "2026-11-23T10:42:00+01:00",
         "Alcaldía",
         "Edicto",
         "gl",
         "",
         {{"https://sede.example/es/tablon/2026-0043/bases.pdf", "application/pdf", 1234, "Bases.pdf"}}});
    feed.entries.push_back({"urn:uuid:0b1d0f4e-7f0c-4c34-9d9a-52f1a5a0c002",
                            "Otro\x01",
                            "https://sede.example/es/tablon/2026-0044",
                            "2026-11-24T00:00:00+01:00",
                            "Pleno",
                            "Bando",
                            "es",
                            "Resumen",
                            {}});
    return feed;
}

}  // namespace

TEST_CASE("a feed is well formed for another XML reader") {
    CHECK(tests::xpath(atom_xml(a_feed()), "count(//*[local-name()='entry'])") == "2");
}

TEST_CASE("a feed has what RFC 4287 asks for") {
    const std::string xml = atom_xml(a_feed());
    for (const char* part :
         {"<feed xmlns=\"http://www.w3.org/2005/Atom\"", "<updated>2026-11-24T00:00:00+01:00</updated>",
          "rel=\"self\"", "<id>urn:uuid:0b1d0f4e-7f0c-4c34-9d9a-52f1a5a0c001</id>", "rel=\"enclosure\"",
          "length=\"1234\"", "Bases &amp; &quot;anexos&quot; &lt;1&gt;", "<summary>Bases &amp;",
          "xml:lang=\"gl\""}) {
        CAPTURE(part);
        CHECK(xml.find(part) != std::string::npos);
    }
    CHECK(xml.find('\x01') == std::string::npos);
}

TEST_CASE("an empty feed is still a feed") {
    Feed feed = a_feed();
    feed.entries.clear();
    CHECK(atom_xml(feed).find("<updated>1970-01-01T00:00:00Z</updated>") != std::string::npos);
}

TEST_CASE("the OpenAPI document describes each operation and points at the municipality") {
    const auto document = openapi("https://sede.example");
    CHECK(document["openapi"].as_string() == "3.1.0");
    CHECK(document["servers"].as_array().front()["url"].as_string() == "https://sede.example");
    for (const auto& [path, methods] : document["paths"].as_object()) {
        CHECK(path.starts_with("/api/tablon/v1/"));
        CHECK(methods.at("get").at("responses").contains("200"));
    }
}
