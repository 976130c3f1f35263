#include "page_metadata.hpp"
#include "testing/sample.hpp"

#include <catch2/catch.hpp>

using namespace open_data::dcat;
using namespace open_data::dcat::testing;

namespace {

Table a_table() {
    return {a_distribution("http://datos.ejemplo.es/dataset/padron", "csv"),
            {{"año", "integer", {{"es", "Año"}, {"ca", "Any"}}, {}, ""},
             {"importe total", "numeric", {}, {{"es", "Con IVA"}}, "EUR"},
             {"_id", "integer", {}, {}, ""},
             {"alta", "timestamp", {}, {}, ""},
             {"raro", "geometry", {}, {}, ""},
             {"gratis", "boolean", {}, {{"eu", "Doan"}}, ""}},
            ';'};
}

}  // namespace

TEST_CASE("schema.org says what Google Dataset Search asks for") {
    const auto json = schema_org(a_dataset(), a_catalog());
    CHECK(json["@type"].as_string() == "Dataset");
    CHECK(json["name"].as_string() == "Padrón municipal por barrio: padron");
    CHECK(json["license"].as_string() == "https://creativecommons.org/licenses/by/4.0/");
    CHECK(json["temporalCoverage"].as_string() == "2020-01-01/2025-12-31");
    CHECK(json["distribution"].as_array()[0]["contentUrl"].as_string() ==
          "https://datos.ejemplo.es/archivos/1.csv");
    CHECK(json["distribution"].as_array()[0]["encodingFormat"].as_string() == "text/csv");
    CHECK(json["creator"]["name"].as_string() == "Ayuntamiento de Ejemplo");
    CHECK(json["spatialCoverage"].as_array()[0]["geo"]["box"].as_string() == "39.25 -5.41 40.32 -2.9");
}

TEST_CASE("schema.org takes the language that is asked for, or Spanish, and at most 5,000 characters") {
    auto dataset = a_dataset();
    dataset.title["ca"] = "Padró";
    std::string length;
    for (int i = 0; i < 6000; ++i) length += "ñ";
    dataset.description = {{"es", length}};
    dataset.temporal = Period{on(2020, 1, 1), {}};
    const auto json = schema_org(dataset, a_catalog(), "ca");
    CHECK(json["name"].as_string() == "Padró");
    CHECK(json["description"].as_string().size() == 10000);
    CHECK(json["temporalCoverage"].as_string() == "2020-01-01/..");
}

TEST_CASE("no text ends the script that holds it") {
    auto dataset = a_dataset();
    dataset.title["es"] = "</script><script>alert(1)</script><!--";
    const auto text = for_script(schema_org(dataset, a_catalog()));
    CHECK(text.find('<') == std::string::npos);
    CHECK(concejo::Json::parse(text)["name"].as_string() == dataset.title["es"]);
}

TEST_CASE("schema.org of the catalogue: who publishes it, and where it is") {
    const auto json = schema_org(a_catalog());
    CHECK(json["@type"].as_string() == "DataCatalog");
    CHECK_FALSE(json["name"].as_string().empty());
    CHECK(json["publisher"]["@type"].as_string() == "GovernmentOrganization");
}

TEST_CASE("schema.org of a service: an API of the web, who gives it, what it is described by") {
    const auto json = schema_org(a_map_service(), a_catalog(), "ca");
    CHECK(json["@type"].as_string() == "WebAPI");
    CHECK(json["name"].as_string() == "Mapes");
    CHECK(json["documentation"].as_string().ends_with("service=WMS&request=GetCapabilities"));
    CHECK(json["termsOfService"].as_string() == "https://creativecommons.org/licenses/by/4.0/");
    CHECK(json["provider"]["name"].as_string() == "Patronato de Ejemplo");
    CHECK(json["areaServed"].as_array()[0]["name"].as_string() == "Toledo");
    CHECK(for_script(json).find('<') == std::string::npos);
}

TEST_CASE("CSVW names, types and titles of columns") {
    const auto json = csvw_metadata(a_table(), a_dataset());
    CHECK(json["url"].as_string() == "https://datos.ejemplo.es/archivos/1.csv");
    CHECK(json["dialect"]["delimiter"].as_string() == ";");
    const auto& columns = json["tableSchema"]["columns"].as_array();
    REQUIRE(columns.size() == 6);
    CHECK(columns[0]["name"].as_string() == "a%C3%B1o");
    CHECK(columns[0]["titles"].dump() == R"({"und":"año","ca":"Any","es":"Año"})");
    CHECK(columns[1]["titles"].dump() == R"({"und":"importe total"})");
    CHECK(columns[1]["dc:description"].as_string() == "Con IVA");
    CHECK(columns[5]["dc:description"].dump() == R"([{"@value":"Doan","@language":"eu"}])");
    CHECK(columns[1]["datatype"].as_string() == "decimal");
    CHECK(columns[1]["schema:unitText"].as_string() == "EUR");
    CHECK(columns[2]["name"].as_string() == "%5Fid");
    CHECK(columns[3]["datatype"].as_string() == "dateTime");
    CHECK(columns[4]["datatype"].as_string() == "string");
    CHECK(columns[5]["datatype"].dump() == "{\"base\":\"boolean\",\"format\":\"t|f\"}");
}

TEST_CASE("CSVW says a dataset's texts in the languages that it has") {
    auto dataset = a_dataset();
    dataset.title["ca"] = "Padró", dataset.title["gl"] = "  ";
    CHECK(
        csvw_metadata(a_table(), dataset)["dc:title"].dump() ==
        R"([{"@value":"Padró","@language":"ca"},{"@value":"Padrón municipal por barrio: padron","@language":"es"}])");
}

TEST_CASE("a data package has one language: the one that is asked for, or Spanish") {
    auto dataset = a_dataset();
    dataset.title["ca"] = "Padró";
    const auto json = data_package(dataset, {a_table()}, "ca");
    CHECK(json["title"].as_string() == "Padró");
    const auto& fields = json["resources"].as_array()[0]["schema"]["fields"].as_array();
    CHECK(fields[0]["title"].as_string() == "Any");
    CHECK(fields[1]["description"].as_string() == "Con IVA");
}

TEST_CASE("a data package holds its tables with their schemas") {
    const auto json = data_package(a_dataset(), {a_table()});
    CHECK(json["name"].as_string() == "padron");
    CHECK(json["licenses"].as_array()[0]["path"].as_string() ==
          "https://creativecommons.org/licenses/by/4.0/");
    const auto& resource = json["resources"].as_array()[0];
    CHECK(resource["name"].as_string() == "1.csv");
    CHECK(resource["hash"].as_string() == "sha256:" + sha256);
    CHECK(resource["schema"]["fields"].as_array()[1]["type"].as_string() == "number");
    const auto& fields = resource["schema"]["fields"].as_array();
    CHECK(fields[3]["type"].as_string() == "datetime");
    CHECK(fields[3]["format"].as_string() == "any");  // by default Table Schema wants "Z" at the end
    CHECK(fields[5]["trueValues"].dump() == "[\"t\"]");
    CHECK(fields[5]["falseValues"].dump() == "[\"f\"]");
}
