#include "readers.hpp"
#include "json_ld_reader.hpp"
#include "plugins/open-data/dcat/catalog_writer.hpp"
#include "plugins/open-data/dcat/testing/sample.hpp"
#include "plugins/open-data/dcat/testing/workspace.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <random>

using namespace open_data::harvest;
using concejo::Error;
using open_data::dcat::testing::conformance;
using open_data::dcat::testing::Workspace;

namespace {

std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// As the sandbox runs it.
std::string n_triples(const Workspace& folder, const std::string& file, const char* syntax) {
    const auto outcome = folder.run(std::string("rapper -q -i ") + syntax + " -o ntriples '" + file +
                                    "' http://fuente.ejemplo.es/catalogo 2>/dev/null");
    return outcome.output;
}

Terms some_terms() {
    Terms terms;
    terms.address = "https://fuente.ejemplo.es", terms.publisher = "L01280796",
    terms.organization = "Ayuntamiento de Fuente";
    return terms;
}

bool has_note(const Item& item, const std::string& part) {
    return item.notes.dump().find(part) != std::string::npos;
}

/// Texts, licences and distributions, whatever the syntax.
std::string gist(const Page& page) {
    std::map<std::string, std::string> all;
    for (const auto& item : page.items) {
        std::multiset<std::string> files;
        for (const auto& one : item.resources.as_array())
            files.insert(one.string_or("url", "") + " " + one.string_or("format", "") + " " +
                         one["meta"]["origin"].string_or("license", ""));
        std::string text = item.meta["title"].string_or("es", "") + "|" +
                           item.meta["notes"].string_or("es", "") + "|" + item.meta.string_or("license", "") +
                           "|" + item.meta["sectors"].dump() + "|" + item.meta.string_or("frequency", "");
        for (const auto& file : files) text += "\n  " + file;
        all[item.key] = text;
    }
    std::string text;
    for (const auto& [key, one] : all) text += key + ": " + one + "\n";
    return text;
}

}  // namespace

TEST_CASE("the official examples of DCAT-AP-ES are read alike from Turtle and RDF/XML") {
    if (!open_data::dcat::testing::has_program("rapper")) return;
    const Workspace folder;
    int pairs = 0;
    for (const auto* name : {"E_DCAT-AP-ES_Catalog", "E_DCAT-AP-ES_Catalog_HVD", "E_DCAT-AP-ES_full_optional",
                             "E_DCAT-AP-ES_minimal"}) {
        const auto turtle = conformance(std::string("examples-dcat-ap-es/") + name + ".ttl"),
                   xml = conformance(std::string("examples-dcat-ap-es/") + name + ".rdf");
        if (turtle.empty() || xml.empty()) continue;
        INFO(name);
        const auto one = read_dcat(read_n_triples(n_triples(folder, turtle, "turtle")), some_terms());
        const auto other = read_dcat(read_n_triples(n_triples(folder, xml, "rdfxml")), some_terms());
        CHECK(gist(one) == gist(other));
        CHECK_FALSE((one.items.empty() && std::string_view(name).find("Catalog") == std::string_view::npos));
        for (const auto& item : one.items) CHECK(std::string(item.refused).empty());
        ++pairs;
    }
    if (!conformance("examples-dcat-ap-es/E_DCAT-AP-ES_minimal.ttl").empty()) CHECK(pairs == 4);
}

TEST_CASE("an official example keeps what it says") {
    const auto file = conformance("examples-dcat-ap-es/E_DCAT-AP-ES_full.ttl");
    if (file.empty()) return;
    const Workspace folder;
    const auto page = read_dcat(read_n_triples(n_triples(folder, file, "turtle")), some_terms());
    REQUIRE(page.items.size() == 1);
    const auto& item = page.items.front();
    const auto& meta = item.meta;
    CHECK(item.key == "http://dcat-ap-es.ejemplo.org/dataset/calidad-aire-madrid");
    CHECK(meta["title"].string_or("es", "") == "Calidad del Aire en Madrid - Datos Horarios");
    CHECK(meta["title"].string_or("en", "") == "Air Quality in Madrid - Hourly Data");
    CHECK(meta["sectors"].dump() == R"(["medio-ambiente"])");
    CHECK(meta.string_or("license", "") == "CC_BY_4_0");
    CHECK(meta["temporal"].dump() == R"({"start":"2020-01-01","end":"2024-12-31"})");
    CHECK(meta.string_or("spatial", "") ==
          "http://datos.gob.es/recurso/sector-publico/territorio/Pais/España");
    CHECK(meta["keywords"]["es"].size() == 3);
    CHECK(meta["origin"]["publisher"].string_or("dir3", "") == "E0DAT0001");
    CHECK(meta["origin"]["contact"].string_or("email", "") == "medioambiente@ejemplo.gob.es");
    CHECK(meta["origin"].string_or("modified", "") == "2025-01-15T00:00:00");
    REQUIRE(item.resources.size() == 2);
    CHECK(item.resources.as_array()[0].string_or("format", "") == "CSV");
    CHECK(item.resources.as_array()[0].int_or("bytes", 0) == 2456789);
    CHECK(has_note(item, "adms:identifier"));  // not taken, and said
}

TEST_CASE("our own catalogue comes back alike from its three syntaxes, hostile texts and all") {
    using namespace open_data::dcat;
    if (!testing::has_program("rapper")) return;
    const Workspace folder;
    const auto datasets = testing::hostile_datasets(40);
    const auto write = [&](Syntax syntax) {
        return write_catalog(testing::a_catalog(), datasets, {Profile::dcat_ap_es, syntax, {}});
    };
    const auto turtle =
        read_dcat(read_n_triples(n_triples(folder, folder.file("c.ttl", write(Syntax::turtle)), "turtle")),
                  some_terms());
    const auto xml =
        read_dcat(read_n_triples(n_triples(folder, folder.file("c.rdf", write(Syntax::rdf_xml)), "rdfxml")),
                  some_terms());
    const auto json = read_dcat(
        read_json_ld(Json::parse(write(Syntax::json_ld)), "http://fuente.ejemplo.es/catalogo"), some_terms());
    REQUIRE(turtle.items.size() == 40);
    CHECK(gist(turtle) == gist(xml));
    CHECK(gist(turtle) == gist(json));
}

TEST_CASE("a recorded answer of CKAN becomes items; what it says beyond our words is kept or noted") {
    const auto file = conformance("../ckan/032_search_q.json");
    if (file.empty()) return;
    const auto recorded = Json::parse(content(file));
    const auto page = read_ckan(recorded["response"], some_terms());
    CHECK(page.total == 277);
    REQUIRE(page.items.size() == 1);
    const auto& item = page.items.front();
    CHECK(item.key == "9d0c1f66-0e5f-489a-a7bd-991a7f1efa7e");
    CHECK(item.meta["title"].string_or("es", "") == "Menores agua monumentos 2000");
    CHECK(item.page == "https://fuente.ejemplo.es/dataset/conjunto-0");
    CHECK(item.meta["keywords"]["es"].size() == 4);
    CHECK(item.resources.size() == 3);
    CHECK(item.meta["origin"].string_or("modified", "") == "2026-11-23T16:57:43");
}

TEST_CASE(
    "addresses that a browser would run, dates that are none and codes that nobody knows are noted, never "
    "taken") {
    auto package = Json::object(
        {{"id", "1"},
         {"title", "Título\x01 <b>"},
         {"url", "javascript:alert(1)"},
         {"license_id", "licencia-rara"},
         {"metadata_modified", "2026-13-40T00:00:00"},
         {"extras", Json::array({Json::object({{"key", "frequency"}, {"value", "cuando quiero"}}),
                                 Json::object({{"key", "otro"}, {"value", "x"}})})},
         {"groups", Json::array({Json::object({{"title", "Medio Ambiente"}}),
                                 Json::object({{"title", "Astrología"}})})},
         {"resources",
          Json::array(
              {Json::object({{"id", "a"}, {"url", "JaVaScRiPt:alert(1)"}}),
               Json::object({{"id", "b"}, {"url", "data:text/html,x"}}),
               Json::object({{"id", "c"}, {"url", "https://x.es/f.csv"}, {"format", "text/csv"}})})}});
    const auto page = read_ckan(
        Json::object({{"success", true},
                      {"result", Json::object({{"count", 1}, {"results", Json::array({package})}})}}),
        some_terms());
    const auto& item = page.items.at(0);
    const auto dump = item.meta.dump() + item.resources.dump();
    CHECK(dump.find("script:") == std::string::npos);
    CHECK(dump.find("data:") == std::string::npos);
    REQUIRE(item.resources.size() == 1);
    CHECK(item.resources.as_array()[0].string_or("format", "") == "CSV");
    CHECK(item.meta["sectors"].dump() == R"(["medio-ambiente"])");
    CHECK(item.meta["extras"].dump() == R"([{"key":"otro","value":"x"}])");
    for (const auto* part : {"javascript:alert(1)", "data:text/html", "licencia-rara", "2026-13-40",
                             "cuando quiero", "Astrolog"})
        CHECK(has_note(item, part));
}

TEST_CASE("endless literals are cut, with a note") {
    auto package = Json::object({{"id", "1"}, {"title", "Largo"}, {"notes", std::string(5 << 20, 'a')}});
    const auto page = read_ckan(
        Json::object({{"success", true},
                      {"result", Json::object({{"count", 1}, {"results", Json::array({package})}})}}),
        some_terms());
    CHECK(page.items.at(0).meta["notes"].string_or("es", "").size() == 20'000);
    CHECK(has_note(page.items.at(0), "se corta"));
}

TEST_CASE("JSON-LD with what this does not read is an error, never half a catalogue") {
    const auto read = [](const char* text) { return read_json_ld(Json::parse(text), "http://x.es/c"); };
    for (const auto* text : {R"({"@context": "https://otro.es/contexto.jsonld", "@id": "a"})",
                             R"({"@context": {"p": {"@reverse": "http://x/p"}}})", R"({"@reverse": {}})",
                             R"({"@context": {"p": {"@id": "http://x/p", "@container": "@graph"}}})"})
        CHECK_THROWS_AS(read(text), Error);
    const auto found = read(
        R"({"@context": {"dct": "http://purl.org/dc/terms/", "t": {"@id": "dct:title", "@container": "@language"}}, "@id": "d", "t": {"es": "Hola", "ca": ["Bon dia"]}})");
    CHECK(found.all("http://x.es/d", "dct:title").size() == 2);
}

TEST_CASE("whatever bytes come, readers give an answer or an Error") {
    std::mt19937 random(7);
    const std::string line =
        "<http://x/a> <http://purl.org/dc/terms/title> \"Hola \\u00F1 \\\"x\\\"\"@es .\n_:b <http://x/p> "
        "\"1\"^^<http://x/t> .\n";
    const std::string json =
        R"({"@context": {"a": {"@id": "http://x/a", "@type": "@id"}}, "@graph": [{"@id": "x", "a": ["b", {"@value": 1}]}]})";
    for (int i = 0; i < 20'000; ++i) {
        auto text = i % 2 ? line : json;
        for (int n = 0; n < 3; ++n) text[random() % text.size()] = static_cast<char>(random());
        try {
            if (i % 2)
                read_dcat(read_n_triples(text), some_terms());
            else
                read_dcat(read_json_ld(Json::parse(text), "http://x"), some_terms());
        } catch (const Error&) {
        }
    }
    SUCCEED();
}
