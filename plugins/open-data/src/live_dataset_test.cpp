// What a module writes is what the portal reads.
#include "live_dataset.hpp"
#include "plugins/open-data/ingest/test_support.hpp"

#include <concejo/services/open_data.hpp>

#include <catch2/catch.hpp>

#include <random>

namespace {

using concejo::Json;
using concejo::services::LiveColumn;
using concejo::services::LiveRows;
using open_data::ingest::testing::Outcome;
using Row = std::vector<LiveRows::Value>;

Json declaration_of(const std::vector<LiveColumn>& columns) {
    concejo::services::LiveDataset what;
    what.id = "x.y", what.name = "xy", what.title = Json::object({{"es", "X"}}), what.columns = columns;
    return concejo::services::detail_open_data::message(what, "0");
}

Outcome read_back(const std::vector<LiveColumn>& columns, const std::vector<Row>& rows) {
    LiveRows file(columns);
    for (const auto& row : rows) file.add(row);
    const auto source = open_data::ingest::make_source(open_data::ingest::Bytes::map(file.finish()));
    return open_data::ingest::testing::read_by(*source,
                                               open_data::recipe_of_declaration(declaration_of(columns)));
}

}  // namespace

TEST_CASE("typed values come back as their types, and what is not there as null") {
    const std::vector<LiveColumn> columns{{.name = "número"},
                                          {.name = "n", .type = "integer"},
                                          {.name = "importe", .type = "numeric"},
                                          {.name = "día", .type = "date"},
                                          {.name = "instante", .type = "timestamp"},
                                          {.name = "vigente", .type = "boolean"}};
    const auto outcome =
        read_back(columns, {{"2026/0043", "-12", "1234.50", "2000-01-02", "2000-01-01T00:00:01Z", "true"},
                            {"00123", std::nullopt, std::nullopt, std::nullopt, std::nullopt, "false"}});
    CHECK(outcome.report.rejected == 0);
    REQUIRE(outcome.rows.size() == 2);
    CHECK(outcome.rows[0] == std::vector<std::string>{"2026/0043", "-12", "1234.50", "1", "1000000", "true"});
    CHECK(outcome.rows[1] == std::vector<std::string>{"00123", "∅", "∅", "∅", "∅", "false"});
}

TEST_CASE("any text comes back as it is") {
    const std::vector<LiveColumn> columns{{.name = "a"}, {.name = "b; \"c\", d"}};
    std::mt19937 random(2026);
    const std::string pieces[] = {"\"", ",", ";", "\t", "\n",   "\r\n", "'",     "á", "€",
                                  "😀",  "0", "x", "-",  "=1+1", " y",   "Total", "#"};
    std::vector<Row> rows;
    std::vector<std::vector<std::string>> expected;
    for (int n = 0; n < 3000; ++n) {
        Row row;
        std::vector<std::string> texts;
        for (std::size_t column = 0; column < columns.size(); ++column) {
            std::string text = "t";  // blanks around it and texts that say "nothing" are not such
            for (auto length = random() % 12; length > 0; --length)
                text += pieces[random() % std::size(pieces)];
            text += '.';
            texts.push_back(text), row.emplace_back(text);
        }
        rows.push_back(row), expected.push_back(texts);
    }
    const auto outcome = read_back(columns, rows);
    CHECK(outcome.report.rejected == 0);
    CHECK(outcome.names() == "a|b; \"c\", d");
    CHECK(outcome.rows == expected);
}

TEST_CASE("a row has as many values as there are columns") {
    LiveRows file({{.name = "a"}, {.name = "b"}});
    CHECK_THROWS_AS(file.add({"1"}), concejo::Error);
    CHECK_THROWS_AS(file.add({"1", "2", "3"}), concejo::Error);
}

TEST_CASE("declarations that are none are refused, whatever they hold") {
    const auto good = declaration_of({{.name = "a", .type = "integer"}});
    CHECK(open_data::recipe_of_declaration(good).columns.size() == 1);
    const Json values[] = {Json(),
                           Json(1),
                           Json("x"),
                           Json(true),
                           Json::array(),
                           Json::object(),
                           Json::array({Json()}),
                           Json::array({Json("x")}),
                           Json::array({Json::object({{"name", "_id"}})}),
                           Json::array({Json::object({{"name", ""}})}),
                           Json::array({Json::object({{"name", "a\tb"}})}),
                           Json::array({Json::object({{"name", " a"}})}),
                           Json::array({Json::object({{"name", "a"}, {"type", "money"}})}),
                           Json::array({Json::object({{"name", 1}, {"type", Json::object()}})})};
    for (const auto& value : values) {
        auto wrong = good;
        wrong["columns"] = value;
        CHECK_THROWS_AS(open_data::recipe_of_declaration(wrong), concejo::Error);
    }
}
