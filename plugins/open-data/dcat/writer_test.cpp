#include "catalog_writer.hpp"
#include "testing/sample.hpp"
#include "testing/workspace.hpp"

#include <concejo/json.hpp>

#include <catch2/catch.hpp>

using namespace open_data::dcat;
using namespace open_data::dcat::testing;

namespace {

std::string turtle_of(const Dataset& dataset, Profile profile = Profile::dcat_ap_es) {
    return write_catalog(a_catalog(), std::vector{dataset}, {profile, Syntax::turtle, {}});
}
bool has(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("a page says where the others are, in hydra's words") {
    Page page{"https://a.es/c.rdf?page=1",
              "https://a.es/c.rdf?page=1",
              "",
              "https://a.es/c.rdf?page=2",
              "https://a.es/c.rdf?page=9",
              100,
              850};
    const auto text = write_catalog(a_catalog(), {}, {Profile::dcat_ap_es, Syntax::rdf_xml, page});
    CHECK(has(text, "<hydra:PagedCollection rdf:about=\"https://a.es/c.rdf?page=1\">"));
    CHECK(has(text, "<hydra:next rdf:resource=\"https://a.es/c.rdf?page=2\"/>"));
    CHECK(has(text,
              "<hydra:totalItems "
              "rdf:datatype=\"http://www.w3.org/2001/XMLSchema#integer\">850</hydra:totalItems>"));
    CHECK_FALSE(has(text, "hydra:previous"));
}

TEST_CASE("sizes, dates and checksums have the types that the shapes ask for") {
    const auto text = turtle_of(a_dataset());
    CHECK(has(text, "dcat:byteSize \"123456\"^^xsd:decimal"));
    CHECK(has(text, "dct:issued \"2026-01-01T00:00:00Z\"^^xsd:dateTime"));
    CHECK(has(text, "schema:sha256 \"" + sha256 + "\""));
    CHECK_FALSE(has(text, "spdx:checksum "));
    const auto old = turtle_of(a_dataset(), Profile::nti_risp);
    CHECK(has(old, "dcat:byteSize \"123456\"^^xsd:nonNegativeInteger"));
    CHECK(has(old, "rdf:value \"P1Y\"^^xsd:duration"));
    CHECK(has(old, "dcat:mediaType \"text/csv\""));
}

TEST_CASE("the European theme follows from the sector, and Spanish is always a language") {
    auto dataset = a_dataset();
    dataset.languages = {"ca"};
    dataset.sectors = {"comercio", "turismo"};
    const auto text = turtle_of(dataset);
    CHECK(occurrences(text,
                      "dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ECON>") == 1);
    CHECK(has(text, "dct:language <http://publications.europa.eu/resource/authority/language/SPA>"));
    CHECK(has(text, "dct:language <http://publications.europa.eu/resource/authority/language/CAT>"));
}

TEST_CASE(
    "what cannot be written is left out: empty texts, relative addresses, unknown codes, days that do not "
    "exist") {
    auto dataset = a_dataset();
    dataset.title["en"] = "  ";
    dataset.landing_page = "/es/dataset";
    dataset.frequency = "A VECES";
    dataset.temporal = Period{on(2021, 2, 30), {}};
    const auto text = turtle_of(dataset);
    CHECK_FALSE(has(text, "\"\""));
    CHECK_FALSE(has(text, "</es/dataset>"));
    CHECK_FALSE(has(text, "accrualPeriodicity"));
    CHECK_FALSE(has(text, "dct:temporal"));
}

TEST_CASE("what a dataset is related to is linked, where it has an address") {
    auto dataset = a_dataset();
    dataset.related = {"http://datos.ejemplo.es/dataset/callejero", "callejero", "javascript:x"};
    const auto text = turtle_of(dataset);
    CHECK(has(text, "dct:relation <http://datos.ejemplo.es/dataset/callejero>"));
    CHECK(occurrences(text, "dct:relation") == 1);
}

TEST_CASE("a dataset without an address is left out; a catalogue without one is refused") {
    auto dataset = a_dataset();
    dataset.uri = "padrón";
    CHECK_FALSE(has(turtle_of(dataset), "dcat:Dataset"));
    auto catalog = a_catalog();
    catalog.uri = "/catalogo";
    CHECK_THROWS_AS(write_catalog(catalog, {}, {}), concejo::Error);
}

TEST_CASE("a service is written where one of the page's datasets names it") {
    auto dataset = a_dataset();
    CHECK_FALSE(has(turtle_of(dataset), "dcat:DataService"));
    dataset.served_by = {a_service().uri};
    CHECK(has(turtle_of(dataset), "dcat:DataService"));
    CHECK(has(turtle_of(dataset), "dcat:servesDataset <" + dataset.uri + ">"));
}

TEST_CASE(
    "a service that always is written has its own publisher, contact and place, with or without datasets") {
    auto catalog = a_catalog();
    catalog.services[1].always = true;
    const auto text = write_catalog(catalog, {}, {Profile::dcat_ap_es, Syntax::turtle, {}});
    CHECK(occurrences(text, "a dcat:DataService") == 1);
    CHECK(has(text, "dcat:service <http://datos.ejemplo.es/servicio/mapas>"));
    CHECK(has(text, "dct:publisher <http://datos.gob.es/recurso/sector-publico/org/Organismo/L01450028>"));
    CHECK(has(text, "dcat:contactPoint <http://datos.ejemplo.es/servicio/mapas#contacto>"));
    CHECK(has(text, "dct:conformsTo <http://www.opengis.net/def/serviceType/ogc/wms>"));
    CHECK_FALSE(has(text, "dcat:servesDataset"));
    CHECK_FALSE(has(write_catalog(catalog, {}, {Profile::nti_risp, Syntax::turtle, {}}), "DataService"));
}

TEST_CASE("a service has the high-value categories of the datasets that it serves here") {
    std::vector<Dataset> datasets{a_dataset("a"), a_dataset("b"), a_dataset("c")};
    datasets[0].hvd_categories = {"c_e1da4e07"}, datasets[1].hvd_categories = {"c_dd313021"};
    datasets[0].served_by = datasets[1].served_by = {a_map_service().uri};
    datasets[2].served_by = {a_service().uri};
    const auto text = write_catalog(a_catalog(), datasets, {Profile::dcat_ap_es, Syntax::turtle, {}});
    CHECK(occurrences(text, "dcatap:hvdCategory <http://data.europa.eu/bna/c_e1da4e07>") == 2);
    CHECK(occurrences(text, "dcatap:hvdCategory") == 4);
}

TEST_CASE("a dataset goes out when it is added, and terms are described once, whatever the number") {
    const auto catalog = a_catalog();
    std::size_t largest = 0, last = 0;
    CatalogWriter writer(catalog, {}, [&](std::string_view bytes) {
        last = bytes.size();
        largest = std::max(largest, last);
    });
    for (int i = 0; i < 3000; ++i) {
        writer.add(a_dataset(std::to_string(i)));
        REQUIRE(last > 1000);
    }
    writer.finish();
    CHECK(largest < 16000);
}

TEST_CASE("JSON-LD is JSON, with its context inside") {
    const auto datasets = hostile_datasets(20);
    const auto json = concejo::Json::parse(
        write_catalog(a_catalog(), datasets, {Profile::dcat_ap_es, Syntax::json_ld, {}}));
    CHECK(json["@context"]["dcat"].as_string() == "http://www.w3.org/ns/dcat#");
    CHECK(json["@graph"].size() > 60);
}
