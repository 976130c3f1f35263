#include "problems.hpp"
#include "testing/sample.hpp"

#include <concejo/text.hpp>

#include <catch2/catch.hpp>

using namespace open_data::dcat;
using namespace open_data::dcat::testing;

namespace {

std::vector<std::string> written(const std::vector<Problem>& problems) {
    std::vector<std::string> found;
    for (const auto& problem : problems)
        found.push_back((problem.severity == Severity::error ? "error " : "warning ") + problem.where);
    return found;
}

/// "error /title" of what a spoilt dataset has and a right one has not.
std::vector<std::string> problems_of(const std::function<void(Dataset&)>& spoil) {
    auto dataset = a_dataset();
    spoil(dataset);
    return written(find_problems(dataset, a_catalog(), at(2026, 6, 1)));
}

using Found = std::vector<std::string>;

}  // namespace

TEST_CASE("a dataset and a catalogue with everything have no problems") {
    CHECK(problems_of([](Dataset&) {}).empty());
    CHECK(find_problems(a_catalog(), at(2026, 6, 1)).empty());
}

TEST_CASE("what is missing is said where it is missing") {
    CHECK(problems_of([](Dataset& d) { d.title.clear(); }) == Found{"error /title"});
    CHECK(problems_of([](Dataset& d) { d.title = {{"ca", "Padró"}}; }) == Found{"error /title"});
    CHECK(problems_of([](Dataset& d) {
              d.description = {{"es", "Corta"}};
          }) == Found{"warning /description"});
    CHECK(problems_of([](Dataset& d) { d.description.clear(); }) == Found{"error /description"});
    CHECK(problems_of([](Dataset& d) { d.sectors.clear(); }) == Found{"error /sectors"});
    CHECK(problems_of([](Dataset& d) { d.distributions.clear(); }) == Found{"error /distributions"});
    CHECK(problems_of([](Dataset& d) {
              d.publisher = Agent{"l01", {{"es", "X"}}};
          }) == Found{"error /publisher/dir3"});
    CHECK(problems_of([](Dataset& d) { d.contact = Contact{}; }) == Found{"error /contact"});
    CHECK(problems_of([](Dataset& d) { d.distributions[0].license.clear(); }) ==
          Found{"error /distributions/0/license"});
    CHECK(problems_of([](Dataset& d) { d.distributions[0].format.clear(); }) ==
          Found{"error /distributions/0/format"});
}

TEST_CASE("what is wrong is said where it is wrong") {
    CHECK(problems_of([](Dataset& d) { d.modified = at(2026, 6, 2); }) == Found{"error /modified"});
    CHECK(problems_of([](Dataset& d) { d.issued = at(2026, 2, 2); }) == Found{"error /modified"});
    CHECK(problems_of([](Dataset& d) { d.sectors.push_back("inventado"); }) == Found{"error /sectors/1"});
    CHECK(problems_of([](Dataset& d) { d.frequency = "A VECES"; }) == Found{"error /frequency"});
    CHECK(problems_of([](Dataset& d) {
              d.temporal = Period{on(2021, 1, 1), on(2020, 1, 1)};
          }) == Found{"error /temporal"});
    CHECK(problems_of([](Dataset& d) {
              d.temporal = Period{on(2021, 2, 30), {}};
          }) == Found{"error /temporal"});
    CHECK(problems_of([](Dataset& d) { d.spatial.push_back("Autonomia/Castilla-La-Mancha"); }) ==
          Found{"error /spatial"});
    CHECK(problems_of([](Dataset& d) { d.hvd_categories = {"c_e1da4e07"}; }) == Found{"warning /served_by"});
    for (const auto* url :
         {"datos.csv", "ftp://a/b", "http://", "javascript:alert(1)", "http://año.es/", "http:///x"})
        CHECK(problems_of([&](Dataset& d) { d.distributions[0].download_url = url; }) ==
              Found{"error /distributions/0/download_url"});
    CHECK(problems_of([](Dataset& d) { d.distributions[0].download_url = "http://a.es/b c"; }) ==
          Found{"warning /distributions/0/download_url"});
}

TEST_CASE("what a service lacks, and what would be better") {
    const auto found = [](std::size_t datasets, const std::function<void(DataService&)>& spoil) {
        auto service = a_map_service();
        service.endpoint_url = "https://mapas.ejemplo.es/wms",
        service.endpoint_description = service.endpoint_url;
        service.title = {{"es", "Mapas"}};
        service.contact.reset();
        spoil(service);
        return written(find_problems(service, datasets, a_catalog()));
    };
    CHECK(found(1, [](DataService&) {}).empty());
    CHECK(found(0, [](DataService&) {}) == Found{"warning /datasets"});
    CHECK(found(1, [](DataService& s) { s.title = {{"ca", "Mapes"}}; }) == Found{"error /title"});
    CHECK(found(1, [](DataService& s) { s.description.clear(); }) == Found{"error /description"});
    CHECK(found(1, [](DataService& s) { s.endpoint_url.clear(); }) == Found{"error /endpoint_url"});
    CHECK(found(1, [](DataService& s) { s.endpoint_url = "mapas.ejemplo.es"; }) ==
          Found{"error /endpoint_url"});
    CHECK(found(1, [](DataService& s) { s.endpoint_description.clear(); }) ==
          Found{"warning /endpoint_description"});
    CHECK(found(1, [](DataService& s) { s.sectors.clear(); }) == Found{"error /sectors"});
    CHECK(found(1, [](DataService& s) { s.keywords.clear(); }) == Found{"warning /keywords"});
    CHECK(found(1, [](DataService& s) { s.license.clear(); }) == Found{"error /license"});
    CHECK(found(1, [](DataService& s) { s.access_right = "A VECES"; }) == Found{"error /access_right"});
}

TEST_CASE("the size of a file is recommended, and mandatory where access is restricted") {
    CHECK(problems_of([](Dataset& d) { d.distributions[0].bytes.reset(); }) ==
          Found{"warning /distributions/0/bytes"});
    CHECK(problems_of([](Dataset& d) {
              d.distributions[0].bytes.reset();
              d.access_right = "RESTRICTED";
          }) == Found{"error /distributions/0/bytes"});
    CHECK(problems_of([](Dataset& d) {
              d.distributions[0].bytes.reset(), d.distributions[0].made_here = true;
          }).empty());
    CHECK(problems_of([](Dataset& d) {
              d.distributions[0].bytes.reset(), d.distributions[0].made_here = true;
              d.access_right = "RESTRICTED";
          }) == Found{"error /distributions/0/bytes"});
}

TEST_CASE("the placeholders of a problem have their values") {
    auto dataset = a_dataset();
    dataset.modified = at(2026, 6, 2);
    dataset.description = {{"es", "Corta, ñ"}};
    const auto found = find_problems(dataset, a_catalog(), at(2026, 6, 1));
    REQUIRE(found.size() == 2);
    CHECK(concejo::fill(found[0].what, found[0].values) ==
          "La descripción es corta: 8 de los 50 caracteres que se piden como mínimo.");
    CHECK(concejo::fill(found[1].what, found[1].values) ==
          "La fecha 2026-06-02T00:00:00Z está en el futuro.");
}
