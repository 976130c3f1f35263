#include "plugins/open-data/ingest/sheet_stream.hpp"

#include "plugins/open-data/ingest/test_support.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <random>

namespace {

using namespace open_data::ingest;

testing::Outcome read_stream(std::string stream) {
    const auto source = make_sheet(Bytes(std::move(stream)));
    return testing::read_by(*source, understand(*source));
}

const std::string stream =
    "xlsx\x1F"
    "Año 2026\x1E"
    "1\x1F"
    "Contratos\x1E"
    "3\x1F"
    "objeto\x1F"
    "importe\x1E"
    "4\x1F"
    "obra\nmenor\x1F"
    "1234.5\x1E"
    "7 row_too_large\x1E"
    "9\x1F\x1F"
    "2\x1E"
    "1048577\x1F"
    "otra\x1F"
    "muchos\x1E\x1C";

}  // namespace

TEST_CASE("a sheet's rows keep their numbers; those that could not be told are rejected") {
    const auto outcome = read_stream(stream);
    CHECK(outcome.recipe.container == "xlsx");
    CHECK(outcome.recipe.sheet == "Año 2026");
    CHECK(outcome.recipe.header_line == 3);
    CHECK(outcome.names() == "objeto|importe");
    REQUIRE(outcome.report.rejected == 1);
    CHECK(outcome.report.rejects.front().line == 7);
    CHECK(outcome.report.rejects.front().text() == "la fila pasa de 4 MiB");
    CHECK(outcome.rows ==
          std::vector<std::vector<std::string>>{{"obra\nmenor", "1234.5"}, {"∅", "2"}, {"otra", "muchos"}});
}

TEST_CASE("a stream that was cut short, or is none, is not loaded") {
    for (std::size_t size = 0; size < stream.size(); ++size)
        CHECK_THROWS_AS(read_stream(stream.substr(0, size)), concejo::Error);
    for (const std::string wrong : {"csv\x1F"
                                    "a\x1E\x1C",
                                    "xlsx\x1F"
                                    "a\x1E"
                                    "0\x1F"
                                    "x\x1E\x1C",
                                    "xlsx\x1F"
                                    "a\x1E"
                                    "x\x1E\x1C",
                                    "xlsx\x1F"
                                    "a\x1E"
                                    "1 what\x1E\x1C",
                                    "xlsx\x1F"
                                    "a\x1E"
                                    "1\x1F\xFF\x1E\x1C",
                                    "xlsx\x1F"
                                    "a\x1E"
                                    "1\x1F"
                                    "x\x1C"})
        CHECK_THROWS_AS(read_stream(wrong), concejo::Error);
    CHECK_THROWS_AS(read_stream("ods\x1F"
                                "a\x1E"
                                "1" +
                                std::string(3000, '\x1F') + "\x1E\x1C"),
                    concejo::Error);
    CHECK(read_stream("ods\x1F"
                      "a\x1E\x1C")
              .rows.empty());
}

TEST_CASE("whatever a helper that was taken over writes, there are rows or a reason") {
    std::mt19937 random(7);
    for (int n = 0; n < 20'000; ++n) {
        auto changed = stream;
        for (auto times = random() % 6; times > 0; --times) {
            const auto at = random() % changed.size();
            if (random() % 2)
                changed[at] = static_cast<char>(random() % 3 ? 0x1C + random() % 4 : random());
            else
                changed.erase(at, random() % 5);
            if (changed.empty()) break;
        }
        try {
            read_stream(changed);
        } catch (const concejo::Error& error) {
            REQUIRE_FALSE(std::string(error.what()).empty());
        }
    }
}
