// Judged by xmllint, and by what is read from the drawings with a library of others.
#include "charts.hpp"
#include "point_map.hpp"
#include "scale.hpp"
#include "tests/support/xml.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <random>
#include <regex>

namespace drawing = open_data::drawing;
using tests::xpath;

namespace {

double number_in(const std::string& document, const std::string& expression) {
    return std::atof(xpath(document, "number(" + expression + ")").c_str());
}

drawing::Chart a_chart(std::vector<drawing::Mark> marks) {
    return {"Importe por año", std::move(marks),
            [](double value, int) { return std::to_string(static_cast<long long>(value)); }};
}

}  // namespace

TEST_CASE("steps are 1, 2 or 5 times a power of ten, exact as text") {
    CHECK(drawing::step_of(0.03).text() == "0.05");
    CHECK(drawing::step_of(1).text() == "1");
    CHECK(drawing::step_of(1.01).text() == "2");
    CHECK(drawing::step_of(5.5).text() == "10");
    CHECK(drawing::step_of(123456).text() == "200000");
    CHECK(drawing::step_of(0).text() == "1");
    CHECK(drawing::step_of(1e-9).text() == "0.000000001");
    CHECK(drawing::step_of(INFINITY).text() == "1");
}

TEST_CASE("an axis holds its values and ends in round numbers") {
    const auto scale = drawing::Scale::around(-3, 97, 5);
    CHECK(scale.from == -20);
    CHECK(scale.to == 100);
    CHECK(scale.ticks() == std::vector<double>{-20, 0, 20, 40, 60, 80, 100});
    CHECK(drawing::Scale::around(7, 7, 5).from < drawing::Scale::around(7, 7, 5).to);
}

TEST_CASE("bars are as long as what they stand for, also below nothing") {
    for (const auto width : {drawing::Width::wide, drawing::Width::narrow}) {
        const auto svg =
            drawing::bars(
                a_chart({{"Obras", 300.0, "300"}, {"Servicios", 150.0, "150"}, {"Ajustes", -75.0, "-75"}}),
                width)
                .take();
        const auto first = number_in(svg, "//*[local-name()=\"rect\"][1]/@width");
        CHECK(number_in(svg, "//*[local-name()=\"rect\"][2]/@width") == Approx(first / 2).margin(.02));
        CHECK(number_in(svg, "//*[local-name()=\"rect\"][3]/@width") == Approx(first / 4).margin(.02));
        CHECK(number_in(svg, "//*[local-name()=\"rect\"][3]/@x + //*[local-name()=\"rect\"][3]/@width") ==
              Approx(number_in(svg, "//*[local-name()=\"rect\"][1]/@x")).margin(.02));
        CHECK(xpath(svg, "string(//*[local-name()=\"title\"][1])") == "Obras: 300");
    }
}

TEST_CASE("a line has a point for each value and a gap where there is none") {
    const auto svg =
        drawing::curve(
            a_chart({{"2023", 10.0, "10"}, {"2024", {}, ""}, {"2025", 20.0, "20"}, {"2026", 40.0, "40"}}),
            drawing::Width::wide)
            .take();
    CHECK(xpath(svg, "count(//*[local-name()=\"circle\"])") == "3");
    const auto d = xpath(svg, "string(//*[local-name()=\"path\"]/@d)");
    CHECK(std::regex_match(d, std::regex("M[\\d. ]+M[\\d. ]+L[\\d. ]+")));
    const auto y = [&](int n) {
        return number_in(svg, "//*[local-name()=\"circle\"][" + std::to_string(n) + "]/@cy");
    };
    CHECK(y(1) - y(2) == Approx((y(2) - y(3)) / 2).margin(.03));
}

TEST_CASE("a distribution leaves out nothing that there is") {
    const auto svg =
        drawing::distribution(a_chart({{"0-10", 1e6, "1.000.000"}, {"10-20", 0.0, "0"}, {"20-30", 1.0, "1"}}),
                              "0", "30")
            .take();
    CHECK(xpath(svg, "count(//*[local-name()=\"rect\"])") == "2");
    CHECK(number_in(svg, "//*[local-name()=\"rect\"][2]/@height") >= 2);
}

TEST_CASE("a kilometre north is as long as a kilometre east, and the bar of scale tells how long") {
    drawing::PointMap map{
        "Mapa", drawing::Box{440000, 4470000, 442000, 4471000}.with_margin(50),         1, 1, false, {}, "m",
        "km",   [](double v, int) { return std::to_string(static_cast<long long>(v)); }};
    map.places = {{440000, 4470000, 1, "A", ""},
                  {441000, 4470000, 3, "B", "/es/x?caja=1"},
                  {440000, 4471000, 1, "C", ""}};
    const auto svg = drawing::point_map(map, drawing::Width::wide).take();
    const auto at = [&](int n, const char* what) {
        return number_in(svg, "(//*[local-name()=\"circle\"])[" + std::to_string(n) + "]/@" + what);
    };
    const auto east = at(2, "cx") - at(1, "cx"), north = at(1, "cy") - at(3, "cy");
    CHECK(east > 100);
    CHECK(north == Approx(east).margin(.03));
    const auto rule = number_in(svg, "(//*[@class=\"rule\"])[1]/@x2 - (//*[@class=\"rule\"])[1]/@x1");
    CHECK(xpath(svg, "string(//*[@class=\"lbl\"])") == "500 m");
    CHECK(rule == Approx(east / 2).margin(.03));
    CHECK(xpath(svg, "string(//*[local-name()=\"a\"]/@href)") == "/es/x?caja=1");
}

TEST_CASE("whatever stands in the data, the drawing is XML and runs nothing") {
    std::mt19937 random(20261126);
    const std::string nasty[] = {
        "<script>alert(1)</script>",     "\"><a href=\"javascript:x\">", "]]>&amp;&#0;",
        std::string("nul\0\x01\x7F", 6), "ñandú \xEF\xBF\xBF",           "' onload='x",
        std::string(5000, 'W')};
    for (int round = 0; round < 30; ++round) {
        std::vector<drawing::Mark> marks;
        for (unsigned i = 0, many = random() % 30; i < many; ++i) {
            const double values[] = {0,    -1e300, 1e300,    1e-300,
                                     12.5, NAN,    INFINITY, static_cast<double>(random())};
            const auto value = values[random() % 8];
            marks.push_back({nasty[random() % std::size(nasty)],
                             random() % 5 == 0 ? std::nullopt : std::optional(value),
                             nasty[random() % std::size(nasty)]});
        }
        auto chart = a_chart(marks);
        chart.number = [&](double, int) { return nasty[random() % std::size(nasty)]; };
        chart.label = nasty[random() % std::size(nasty)];
        for (const auto& svg : {drawing::bars(chart, drawing::Width::narrow).take_standalone(),
                                drawing::curve(chart, drawing::Width::wide).take_standalone(),
                                drawing::distribution(chart, "<a>", "&").take()}) {
            REQUIRE(xpath(svg, "count(//*[local-name()=\"script\"] | //@onload | //*[local-name()=\"a\"])") ==
                    "0");
            REQUIRE(svg.find("nan") == std::string::npos);
        }
    }
}
