#include "plugins/evidence/copying/find_text.hpp"

#include "plugins/evidence/copying/extract.hpp"
#include "plugins/evidence/testing/pdf.hpp"

#include <catch2/catch.hpp>

using namespace evidence;
using namespace evidence::copying;

namespace {

/// A page with "Ana Gil" in black on it, turned and cut as said; nothing else is drawn.
std::string turned(int degrees, const std::string& crop) {
    return testing::pdf_of({
        {1, "<< /Type /Catalog /Pages 2 0 R >>"},
        {2, "<< /Type /Pages /Kids [ 3 0 R 4 0 R ] /Count 2 >>"},
        {3, "<< /Type /Page /Parent 2 0 R /MediaBox [ -30 20 400 300 ] /Rotate " + std::to_string(degrees) +
                crop + " /Resources << /Font << /F1 6 0 R >> >> /Contents 5 0 R >>"},
        {4, "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 400 300 ] /Resources << >> >>"},
        {5, testing::stream("", "BT /F1 24 Tf 130 150 Td (Ana) Tj 60 0 Td (Gil) Tj ET")},
        {6, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"},
    });
}

std::size_t dark(const Picture& picture) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < picture.rgb.size(); i += 3)
        count += static_cast<unsigned char>(picture.rgb[i]) < 200;
    return count;
}

Extract without(std::vector<std::string> texts, std::vector<int> pages = {}) {
    return {std::move(pages), {}, std::move(texts), {"1", std::string(64, 'a')}, std::string(32, 's')};
}

}  // namespace

TEST_CASE("a text is taken out where it is seen, however the page is turned or cut") {
    for (const int degrees : {0, 90, 180, 270})
        for (const auto* crop : {"", " /CropBox [ 50 100 300 250 ]"}) {
            INFO(degrees << crop);
            const auto file = turned(degrees, crop);
            const Poppler poppler(file);
            auto picture = *Picture::parse(poppler.picture(1, copy_dpi));
            REQUIRE(dark(picture) > 500);
            const auto areas = areas_of(words_of(poppler.words()), "ana gil");
            REQUIRE(areas.at(1).size() == 2);
            auto black = picture;
            for (const auto& area : areas.at(1)) black.blank(area, copy_dpi);
            std::size_t left = 0, covered = 0;
            for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
                const bool was = static_cast<unsigned char>(picture.rgb[i]) < 200;
                const bool is = black.rgb[i] == 0 && black.rgb[i + 1] == 0;
                left += was && !is;
                covered += is;
            }
            CHECK(left == 0);
            CHECK(covered < picture.rgb.size() / 3 / 8);
        }
}

TEST_CASE("a copy without some texts has none of them, and says so where they are nowhere") {
    const auto file = turned(0, "");
    const auto made = make_extract(file, without({"Gil"}));
    REQUIRE(made.ok());
    CHECK(made->pictured == std::vector<int>{1});
    const auto statement = concejo::Json::parse(made->statement);
    CHECK(statement.at("recortadas").as_array().size() == 1);
    const auto words = words_of(Poppler(made->pdf).words());
    CHECK(words.size() == 2);
    CHECK(words.at(0).empty());
    CHECK(made->pdf.find("Ana") == std::string::npos);
    const auto why = [&](const Extract& wanted) {
        const auto refused = make_extract(file, wanted);
        return refused.ok() ? std::string("ok") : std::string(code(refused.error()));
    };
    CHECK(why(without({"Gil", "Otra"})) == "text_not_found");
    CHECK(why(without({"Gil"}, {2})) ==
          "text_not_found");  // it is on a page that goes anyway: say so, do not guess
}

TEST_CASE("what a form field or a note shows is taken out too, or the copy is refused: it never stays") {
    auto objects = testing::edict();
    objects[7] =
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Ana Gil) /Rect [ 10 10 200 40 ] /F 4 /P 3 0 R /AP << /N 8 0 R >> >>";
    objects[8] = testing::stream(
        "/Type /XObject /Subtype /Form /BBox [ 0 0 190 30 ] /Resources << /Font << /F1 5 0 R >> >>",
        "BT /F1 12 Tf 5 10 Td (Ana Gil) Tj ET");
    const auto made = make_extract(testing::pdf_of(objects), without({"Gil"}));
    if (made.ok()) {
        CHECK(areas_of(words_of(Poppler(made->pdf).words()), "Gil").empty());
        CHECK(made->pdf.find("Gil") == std::string::npos);
    } else {
        CHECK(std::string(code(made.error())) == "text_not_found");
    }
}

TEST_CASE("texts are found across words, in any case, within words, and with what HTML escapes") {
    const auto pages = words_of(
        "<page width=\"100\" height=\"100\">\n<word xMin=\"10\" yMin=\"20\" xMax=\"30\" yMax=\"30\">MAR\xc3\x8d"
        "A</word>\n"
        "<word xMin=\"32\" yMin=\"20\" xMax=\"60\" yMax=\"30\">P\xc3\xa9rez,</word>\n"
        "<word xMin=\"62\" yMin=\"20\" xMax=\"90\" yMax=\"30\">R&amp;D &lt;1&gt;</word></page><page width=\"1\" height=\"1\"></page>");
    REQUIRE(pages.size() == 2);
    CHECK(areas_of(pages,
                   "mar\xc3\xad"
                   "a p\xc3\xa9rez")
              .at(1)
              .size() == 2);
    CHECK(areas_of(pages, "R&D").at(1).size() == 1);
    CHECK(areas_of(pages, "<1>").at(1).size() == 1);
    CHECK(areas_of(pages, "rez").at(1).size() == 1);
    CHECK(areas_of(pages, "Perez").empty());
    CHECK(areas_of(pages, " ").empty());
    // 10 pt = 3.53 mm, less half a millimetre; 30 pt = 10.58 mm, and as much more.
    CHECK(areas_of(pages,
                   "mar\xc3\xad"
                   "a")
              .at(1)
              .front() == Area{30, 65, 81, 46});
    CHECK(parse_texts("  uno \r\n\n dos tres\n") == std::vector<std::string>{"uno", "dos tres"});
}
