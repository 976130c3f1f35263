#include "metadata.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"

#include <catch2/catch.hpp>

TEST_CASE("each sector, frequency, licence and category of high value is said in every language") {
    for (const auto& one : open_data::dcat::sectors()) {
        CAPTURE(one.term.uri);
        CHECK(open_data::has_translations(one.term.es));
    }
    for (const auto& one : open_data::dcat::licenses()) {
        CAPTURE(one.term.uri);
        CHECK(open_data::has_translations(one.term.es));
    }
    for (const auto& one : open_data::dcat::frequencies()) {
        CAPTURE(one.term.uri);
        CHECK(open_data::has_translations(one.term.es));
    }
    for (const auto& one : open_data::dcat::hvd_categories()) {
        CAPTURE(one.uri);
        CHECK(open_data::has_translations(one.es));
    }
}
