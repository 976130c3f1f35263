#include "plugins/open-data/ingest/test_support.hpp"

#include "plugins/open-data/ingest/moment.hpp"

#include <catch2/catch.hpp>

using open_data::ingest::testing::read_bytes;
using Cells = std::vector<std::string>;

namespace {

/// One column under a header, beside one that says nothing.
open_data::ingest::testing::Outcome of_cells(const Cells& cells, char delimiter = ';') {
    std::string text = std::string("valor") + delimiter + "x\n";
    for (const auto& cell : cells) text += "\"" + cell + "\"" + delimiter + "y\n";
    return read_bytes(text);
}

constexpr std::int64_t day = 86'400'000'000, hour = day / 24, minute = hour / 60;

}  // namespace

TEST_CASE("a column is what all its cells are") {
    struct Case {
        Cells cells;
        std::string type;
        Cells values;
    };
    const std::vector<Case> cases = {
        {{"1", "-2", "+3", "", "-"}, "integer", {"1", "-2", "3", "∅", "∅"}},
        {{"9223372036854775807", "-9223372036854775808"},
         "integer",
         {"9223372036854775807", "-9223372036854775808"}},
        {{"9223372036854775808", "1"}, "numeric", {"9223372036854775808", "1"}},
        {{"1.234,56", "7"}, "numeric", {"1234.56", "7"}},
        {{"1,234.56", "7"}, "numeric", {"1234.56", "7"}},
        {{"1234,5", "0,25", ",5"}, "numeric", {"1234.5", "0.25", "0.5"}},
        {{"1.234", "12", "15.300"}, "integer", {"1234", "12", "15300"}},
        {{"1.234", "2345", "15.300"}, "numeric", {"1.234", "2345", "15.300"}},
        {{"1.234.567", "1.000"}, "integer", {"1234567", "1000"}},
        {{"0.123", "1.234"}, "numeric", {"0.123", "1.234"}},
        {{"5-", "12,5-"}, "numeric", {"-5", "-12.5"}},
        {{"12 %", "3,5%"}, "numeric", {"12", "3.5"}},
        {{"12,50 €", "€ 3", "-1.000,00€", "EUR 5"}, "numeric", {"12.50", "3", "-1000.00", "5"}},
        {{"02001", "28001"}, "text", {"02001", "28001"}},
        {{"1213", "0164A"}, "text", {"1213", "0164A"}},
        {{"1213", "007"}, "text", {"1213", "007"}},
        {{"612345678", "967123456"}, "integer", {"612345678", "967123456"}},
        {{"20240131", "20240201"}, "integer", {"20240131", "20240201"}},
        {{"1.23.4", "1"}, "text", {"1.23.4", "1"}},
        {{"1,5,6", "1"}, "text", {"1,5,6", "1"}},
        {{"1.5", "1,5"}, "text", {"1.5", "1,5"}},
        {{"sí", "NO", "Si", "SÍ"}, "boolean", {"true", "false", "true", "true"}},
        {{"true", "FALSE"}, "boolean", {"true", "false"}},
        {{"Verdadero", "FALSO"}, "boolean", {"true", "false"}},
        {{"S", "N"}, "boolean", {"true", "false"}},
        {{"S", "S"}, "text", {"S", "S"}},
        {{"sí", "false"}, "text", {"sí", "false"}},
        {{"0", "1"}, "integer", {"0", "1"}},
        {{"01/02/2000", "15/02/2000"}, "date", {"31", "45"}},
        {{"1-1-00", "2/1/00"}, "date", {"0", "1"}},
        {{"02/15/2000", "01/02/2000"}, "date", {"45", "1"}},
        {{"2000-01-02", "1999-12-31"}, "date", {"1", "-1"}},
        {{"2000/01/02", "3.1.2000"}, "date", {"1", "2"}},
        {{"3 de enero de 2000", "04-ene-00", "5 Enero 2000", "06/sept/2000"}, "date", {"2", "3", "4", "249"}},
        {{"31/02/2024", "01/02/2024"}, "text", {"31/02/2024", "01/02/2024"}},
        {{"29/02/2000", "29/02/1900"}, "text", {"29/02/2000", "29/02/1900"}},
        {{"13/12/2000", "12/13/2000"}, "text", {"13/12/2000", "12/13/2000"}},
        {{"2/1/2000 10:30", "01/01/2000"}, "timestamp", {std::to_string(day + 10 * hour + 30 * minute), "0"}},
        {{"2000-01-01T00:01:00.5"}, "timestamp", {std::to_string(minute + 500'000)}},
        {{"2000-01-01T02:00:00+02:00", "2000-01-01 01:00:00Z"}, "timestamp", {"0", std::to_string(hour)}},
        {{"2000-01-01T02:00:00Z", "2000-01-01T02:00:00"},
         "text",
         {"2000-01-01T02:00:00Z", "2000-01-01T02:00:00"}},
        {{"8:30", "23:59:59"},
         "time",
         {std::to_string(8 * hour + 30 * minute), std::to_string(day - 1'000'000)}},
        {{"8:30", "25:10"}, "text", {"8:30", "25:10"}},
        {{"", "-"}, "text", {"∅", "∅"}},
    };
    for (const auto& one : cases) {
        INFO(one.cells.front() << " " << one.cells.back());
        const auto outcome = of_cells(one.cells);
        CHECK(outcome.types() == one.type + " text");
        CHECK(outcome.column(0) == one.values);
        CHECK(outcome.report.rejected == 0);
    }
}

TEST_CASE("what 1.234 is follows from the other columns, then from the delimiter") {
    CHECK(read_bytes("a;b\n1.234;2,5\n5.678;3,5\n").column(0) == Cells{"1234", "5678"});
    CHECK(read_bytes("a;b\n1.234;2.5\n5.678;3.5\n").column(0) == Cells{"1.234", "5.678"});
    CHECK(read_bytes("a;b\n1.234;x\n5.678;y\n").column(0) == Cells{"1234", "5678"});
    CHECK(read_bytes("a,b\n1.234,x\n5.678,y\n").column(0) == Cells{"1.234", "5.678"});
}

TEST_CASE("a unit that every cell has is the column's note") {
    CHECK(of_cells({"1 €", "2 €"}).recipe.columns[0].note == "€");
    CHECK(of_cells({"1 %", "2 %"}).recipe.columns[0].note == "%");
    CHECK(of_cells({"1 €", "2"}).recipe.columns[0].note.empty());
    CHECK(of_cells({"2000-01-01T02:00:00+02:00"}).recipe.columns[0].note == "UTC");
}

TEST_CASE("one cell in a thousand costs its row only where the column is clear; a code never does") {
    const auto outcome = [](const std::string& header, const std::string& cell, const std::string& odd) {
        std::string text = header + ";x\n";
        for (int i = 0; i < 2000; ++i) text += (i == 1000 ? odd : cell) + ";y\n";
        return read_bytes(text);
    };
    const auto day_31 = outcome("f", "01/02/2024", "31/02/2024");
    CHECK(day_31.types() == "date text");
    REQUIRE(day_31.report.rejects.size() == 1);
    CHECK(day_31.report.rejects[0].line == 1002);
    CHECK(day_31.report.rejects[0].text() == "columna «f»: «31/02/2024» no es una fecha que exista");
    CHECK(outcome("importe", "12", "pendiente").types() == "integer text");
    CHECK(outcome("codigo", "12", "pendiente").types() == "text text");
    CHECK(outcome("importe", "12", "012").types() == "text text");
}

TEST_CASE("days are counted as PostgreSQL counts them") {
    using open_data::ingest::days_from_civil;
    CHECK(days_from_civil(2000, 1, 1) == 0);
    CHECK(days_from_civil(1970, 1, 1) == -10957);
    CHECK(days_from_civil(2024, 2, 29) == 8825);
    CHECK(days_from_civil(1, 1, 1) == -730119);
}
