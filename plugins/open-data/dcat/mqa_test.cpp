// The expectations are the methodology's table and the figures that ckan-mqa published of a real catalogue.
#include "mqa.hpp"
#include "testing/sample.hpp"

#include <catch2/catch.hpp>

using namespace open_data::dcat;
using namespace open_data::dcat::testing;

namespace {

std::optional<bool> all_answer(const std::string&) { return true; }

double points(const Score& score, const std::string& metric) {
    for (const auto& each : score.metrics) {
        if (metric == each.metric) return each.points;
    }
    FAIL("no metric " << metric);
    return -1;
}

double points(const Score& score, Dimension dimension) {
    double sum = 0;
    for (const auto& each : score.metrics) sum += each.dimension == dimension ? each.points : 0;
    return sum;
}

}  // namespace

TEST_CASE("a dataset with everything gets each dimension's most, 405 in all") {
    const auto whole = score(a_dataset(), a_catalog(), true, all_answer);
    CHECK(points(whole, Dimension::findability) == 100);
    CHECK(points(whole, Dimension::accessibility) == 100);
    CHECK(points(whole, Dimension::interoperability) == 110);
    CHECK(points(whole, Dimension::reusability) == 75);
    CHECK(points(whole, Dimension::contextuality) == 20);
    CHECK(whole.points == 405);
    CHECK(whole.rating == Rating::excellent);
    for (const auto& metric : whole.metrics) CHECK((*metric.why && *metric.remedy));
}

TEST_CASE("a dataset with nothing gets nothing") {
    const auto nothing = score(Dataset{}, Catalog{}, false, {});
    CHECK(nothing.metrics.size() == 23);
    CHECK(nothing.points == 0);
    CHECK(nothing.rating == Rating::bad);
}

TEST_CASE("what is missing costs what the table says") {
    const auto lost = [](auto spoil, bool compliant = true) {
        auto dataset = a_dataset();
        spoil(dataset);
        return 405 - score(dataset, a_catalog(), compliant, all_answer).points;
    };
    CHECK(lost([](Dataset& d) { d.keywords.clear(); }) == 30);
    CHECK(lost([](Dataset& d) { d.sectors = {"no-es"}; }) == 30);
    CHECK(lost([](Dataset& d) { d.spatial.clear(); }) == 20);
    CHECK(lost([](Dataset& d) { d.temporal.reset(); }) == 20);
    CHECK(lost([](Dataset& d) { d.distributions[0].download_url.clear(); }) == 50);  // 20 + 30
    CHECK(lost([](Dataset& d) { d.distributions[0].format = "xlsx"; }) ==
          20);  // proprietary, machine-readable
    CHECK(lost([](Dataset& d) { d.distributions[0].format = "ndjson"; }) ==
          15);  // no media type, half the vocabulary
    CHECK(lost([](Dataset&) {}, false) == 30);
    CHECK(lost([](Dataset& d) { d.distributions[0].license.clear(); }) == 30);
    CHECK(lost([](Dataset& d) { d.distributions[0].license = "http://ejemplo.es/condiciones"; }) == 10);
    CHECK(lost([](Dataset& d) { d.access_right.clear(); }) ==
          20);  // 10 + 5, and the rights of the distribution
    CHECK(lost([](Dataset& d) { d.contact = Contact{}; }) == 20);
    CHECK(lost([](Dataset& d) { d.publisher = Agent{}; }) == 10);
    CHECK(lost([](Dataset& d) { d.distributions[0].bytes.reset(); }) == 5);
    CHECK(lost([](Dataset& d) { d.issued.reset(); }) == 5);
    CHECK(lost([](Dataset& d) { d.modified.reset(); }) == 5);
}

TEST_CASE("addresses that nobody asked count as silent") {
    const auto unknown = [](const std::string&) { return std::optional<bool>(); };
    CHECK(score(a_dataset(), a_catalog(), true, unknown).points == 325);
    const auto page_only = [](const std::string& url) {
        return std::optional(url.find("/archivos/") == std::string::npos);
    };
    CHECK(score(a_dataset(), a_catalog(), true, page_only).points == 375);
}

TEST_CASE("only the best distribution counts for interoperability; the others share the rest") {
    auto dataset = a_dataset();
    dataset.distributions.insert(dataset.distributions.begin(), Distribution{});
    dataset.distributions[0].uri = dataset.uri + "/nada";
    const auto half = score(dataset, a_catalog(), true, all_answer);
    CHECK(points(half, Dimension::interoperability) == 110);
    CHECK(points(half, "dcat:accessURL 200") == 50);  // the dataset's page serves
    CHECK(points(half, "dcat:downloadURL") == 10);
    CHECK(points(half, "dct:license") == 10);
    CHECK(points(half, "dcat:byteSize") == 2.5);
}

TEST_CASE("a catalogue of 46 datasets and 255 distributions: the shares that ckan-mqa published") {
    const auto catalog = a_catalog();
    QualityTally tally(catalog, all_answer);
    for (int i = 0; i < 46; ++i) {
        auto dataset = a_dataset(std::to_string(i));
        dataset.temporal.reset();
        if (i >= 42) dataset.spatial.clear();
        dataset.distributions[0].download_url.clear();
        dataset.distributions[0].bytes.reset();
        if (i == 0) dataset.distributions.resize(210, Distribution(dataset.distributions[0]));
        if (i >= 1 && i <= 10) dataset.distributions[0].license = "http://ejemplo.es/condiciones";
        tally.add(dataset, false);
    }
    const auto score = tally.score();
    CHECK(points(score, "dct:spatial") == Approx(18.26).margin(0.005));
    CHECK(points(score, "dct:temporal") == 0);
    CHECK(points(score, "dcat:accessURL 200") == 50);
    CHECK(points(score, "dcat:downloadURL") == 0);
    CHECK(points(score, "DCAT-AP compliance") == 0);
    CHECK(points(score, "dct:license") == 20);
    CHECK(points(score, "dct:license vocabulary") == Approx(9.61).margin(0.005));
    CHECK(points(score, "dcat:byteSize") == 0);
    CHECK(score.rating == Rating::good);
}

TEST_CASE("the bands of the rating") {
    CHECK(rating(351) == Rating::excellent);
    CHECK(rating(350) == Rating::good);
    CHECK(rating(221) == Rating::good);
    CHECK(rating(220) == Rating::sufficient);
    CHECK(rating(121) == Rating::sufficient);
    CHECK(rating(120) == Rating::bad);
}
