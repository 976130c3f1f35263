// Files whose beginning says something else than the whole, and those whose beginning is enough.
#include "plugins/open-data/ingest/test_support.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace open_data::ingest;
using open_data::ingest::testing::read_by;
using open_data::ingest::testing::read_bytes;

/// `usual` rows like the first one, of which the one at `at` is `other`.
std::string rows_with(const std::string& header, const std::string& usual, std::size_t count, std::size_t at,
                      const std::string& other) {
    std::string text = header + "\n";
    for (std::size_t i = 0; i < count; ++i) text += (i == at ? other : usual) + "\n";
    return text;
}

struct Read {
    bool held;
    std::uint64_t rows;
};

Read by_its_beginning(const std::string& text) {
    const auto source = make_source(Bytes(text));
    Guess guess(*source);
    const auto outcome = read_by(*source, guess.recipe(), &guess);
    read_bytes(text);
    return {guess.holds(), outcome.report.read};
}

}  // namespace

TEST_CASE("a type that a person chose stays, read as most of its cells write it, and so in the next file") {
    const std::string text =
        "expediente;fecha;importe;pagador\n0001;03/02/2025;1.034,50;uno\n0002;31/02/2025;abc;dos\n"
        "0003;14/02/2025;12,00;tres\n";
    const auto source = make_source(Bytes(text));
    auto recipe = understand(*source);
    for (const auto& column : recipe.columns) CHECK(column.type == Type::text);
    recipe.columns[1].type = Type::date, recipe.columns[1].chosen = true;
    recipe.columns[2].type = Type::numeric, recipe.columns[2].chosen = true;
    recipe = recipe_from_json(to_json(recipe));
    Guess guess(*source, recipe);
    CHECK(guess.recipe() == understand(*source, recipe));
    const auto outcome = read_by(*source, guess.recipe(), &guess);
    CHECK(guess.holds());
    CHECK(outcome.types() == "text date numeric text");
    CHECK(outcome.column(2) == std::vector<std::string>{"1034.50", "12.00"});
    REQUIRE(outcome.report.rejected == 1);
    CHECK(outcome.report.rejects.front().line == 3);
    const auto next = make_source(Bytes(std::string("importe;fecha\n7.5;2025-03-01\nmucho;2025-03-02\n")));
    CHECK(read_by(*next, understand(*next, recipe)).column(0) == std::vector<std::string>{"7.5"});
}

TEST_CASE("what is no table by its first bytes is refused, and texts are not") {
    for (const std::string wrong :
         {"%PDF-1.4\n%\xE2\xE3\n1 0 obj\n", "\x89PNG\r\n\x1A\n", "\xFF\xD8\xFF\xE0", "GIF89a",
          "\xEF\xBB\xBF\n <!DOCTYPE HTML><html>", "<html lang=es><table>"})
        CHECK_THROWS_AS(make_source(Bytes(wrong)), concejo::Error);
    std::string noise;
    for (unsigned i = 0, seed = 7; i < 5000; ++i)
        noise += static_cast<char>((seed = seed * 1103515245 + 12345) >> 16);
    CHECK_THROWS_AS(make_source(Bytes(noise)), concejo::Error);
    for (const std::string text : {"a;b\n1;2\n", "%;PDF\n1;2\n", "MMSI;b\n", "<a>;b\n",
                                   "\xFF\xFE"
                                   "a\0;\0b\0"})
        CHECK_NOTHROW(make_source(Bytes(text)));
}

TEST_CASE("a file that is what it begins as is read once") {
    const auto read = by_its_beginning(
        rows_with("codigo,dia,importe", "a,2024-02-01,12.5", 50'000, 49'999, "b,2024-03-31,7.25"));
    CHECK(read.held);
    CHECK(read.rows == 50'000);
}

TEST_CASE("a cell far below that is of no type of its column ends the guess at once") {
    for (const auto* other : {"a,2024-02-01,unos doce", "a,ayer,12.5", "a,2024-02-01,007"}) {
        const auto read =
            by_its_beginning(rows_with("codigo,dia,cifra", "a,2024-02-01,12.5", 50'000, 15'000, other));
        CHECK_FALSE(read.held);
        CHECK(read.rows == 15'001);
    }
}

TEST_CASE("a column that is filled later is found while reading") {
    const auto read = by_its_beginning(
        rows_with("codigo,dia,cifra", "a,2024-02-01,", 100'000, 15'000, "a,2024-02-01,12.5"));
    CHECK_FALSE(read.held);
    CHECK(read.rows < 30'000);
}

TEST_CASE("whole numbers that have decimals later are others") {
    CHECK_FALSE(by_its_beginning(rows_with("codigo,cifra", "a,12", 30'000, 29'999, "a,12.5")).held);
}

TEST_CASE("a column without a cell is told as blank, by all of the file") {
    const auto blanks = [](const std::string& text) {
        const auto source = make_source(Bytes(text));
        Guess guess(*source);
        read_by(*source, guess.recipe(), &guess);
        CHECK(guess.holds());
        const auto kept = recipe_from_json(to_json(guess.recipe()));
        CHECK(kept == understand(*source));
        std::string all;
        for (const auto& column : kept.columns) all += column.blank ? 'b' : '-';
        return all;
    };
    CHECK(blanks(rows_with("codigo,nota,cifra", "a,,-", 30'000, 0, "a,,")) == "-bb");
    CHECK(blanks(rows_with("codigo,nota,cifra", "a,,1", 30'000, 29'999, "a,una nota,1")) == "---");
}

TEST_CASE("days that could be months are told by the whole file") {
    CHECK_FALSE(
        by_its_beginning(rows_with("codigo,dia", "a,01/02/2024", 30'000, 25'000, "a,01/31/2024")).held);
    CHECK(by_its_beginning(rows_with("codigo,dia", "a,01/02/2024", 30'000, 25'000, "a,31/01/2024")).held);
}

TEST_CASE("one amount in a thousand that is none is rejected, and the guess stays") {
    const auto read = by_its_beginning(rows_with("codigo,importe", "a,12.5", 30'000, 25'000, "a,pendiente"));
    CHECK(read.held);
    CHECK(read.rows == 30'000);
}
