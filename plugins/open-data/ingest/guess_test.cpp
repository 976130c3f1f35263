// Files whose beginning says something else than the whole, and those whose beginning is enough.
#include "plugins/open-data/ingest/test_support.hpp"

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
