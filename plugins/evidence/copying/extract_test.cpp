#include "plugins/evidence/copying/picture.hpp"
#include "plugins/evidence/copying/preview.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/testing/pdf.hpp"
#include "plugins/evidence/testing/workspace.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace evidence;
using namespace evidence::copying;
using evidence::testing::Workspace;

namespace {

constexpr const char* secret_words[] = {"SECRETO-DOS",     "SECRETO-NOTA",    "SECRETO-META",
                                        "SECRETO-ADJUNTO", "SECRETO-TITULO",  "SECRETO-XOBJ",
                                        "SECRETO-FUERA",   "SECRETO-REVISION"};

/// Three pages that share their resources. Page 2 is the one to take out; its words, and those of all that
/// hangs from the file and is not on a page, are the secrets.
std::map<int, std::string> three_pages() {
    using testing::stream;
    const std::string page = "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 400 300 ] /Resources 20 0 R ";
    return {
        {1,
         "<< /Type /Catalog /Pages 2 0 R /Metadata 30 0 R /Names << /EmbeddedFiles << /Names [ (a) 31 0 R ] "
         ">> >> /Outlines 33 0 R >>"},
        {2, "<< /Type /Pages /Kids [ 3 0 R 4 0 R 5 0 R ] /Count 3 >>"},
        {3, page + "/Contents 6 0 R /Annots [ 10 0 R ] /PieceInfo << /X << /Private (SECRETO-NOTA) >> >> >>"},
        {4, page + "/Contents 7 0 R >>"},
        {5, page + "/Contents 8 0 R >>"},
        {6,
         stream(
             "",
             "BT /F1 14 Tf 40 200 Td (Primera pagina) Tj ET BT /F1 14 Tf 40 -90 Td (SECRETO-FUERA) Tj ET")},
        {7, stream("", "BT /F1 14 Tf 40 200 Td (SECRETO-DOS 12345678Z) Tj ET /X1 Do /Im1 Do")},
        {8, stream("",
                   "BT /F1 14 Tf 40 200 Td (Tercera pagina) Tj ET BT /F1 14 Tf 40 100 Td (Pie de la tercera) "
                   "Tj ET")},
        {10, "<< /Type /Annot /Subtype /Text /Rect [ 0 0 9 9 ] /Contents (SECRETO-NOTA) /P 3 0 R >>"},
        {20, "<< /Font << /F1 21 0 R >> /XObject << /X1 22 0 R /Im1 23 0 R >> >>"},
        {21, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"},
        {22,
         stream("/Type /XObject /Subtype /Form /BBox [ 0 0 400 300 ] /Resources << /Font << /F1 21 0 R >> >>",
                "BT /F1 14 Tf 40 150 Td (SECRETO-XOBJ) Tj ET")},
        {23, stream("/Type /XObject /Subtype /Image /Width 16 /Height 16 /BitsPerComponent 8 /ColorSpace "
                    "/DeviceGray",
                    "SECRETO-IMAGEN-SECRETO-IMAGEN---" + std::string(224, 'z'))},
        {30, stream("/Type /Metadata /Subtype /XML", "<x>SECRETO-META</x>")},
        {31, "<< /Type /Filespec /F (a) /EF << /F 32 0 R >> >>"},
        {32, stream("/Type /EmbeddedFile", "SECRETO-ADJUNTO")},
        {33, "<< /Type /Outlines /First 34 0 R /Last 34 0 R /Count 1 >>"},
        {34, "<< /Title (SECRETO-TITULO) /Parent 33 0 R /Dest [ 4 0 R /Fit ] >>"},
    };
}

/// With an earlier revision whose first page said something else.
std::string original() {
    auto objects = three_pages();
    const auto now = objects[6];
    objects[6] = testing::stream("", "BT /F1 14 Tf 40 200 Td (SECRETO-REVISION) Tj ET");
    return testing::updated(testing::pdf_of(objects), {{6, now}});
}

Extract of_pages(std::vector<int> pages, std::map<int, std::vector<Area>> areas = {}) {
    return {std::move(pages), std::move(areas), {}, {"09999", std::string(64, 'a')}, std::string(32, 's')};
}

std::string copied(const Workspace& work, const std::string& file, const Extract& wanted) {
    auto made = make_extract(file, wanted);
    REQUIRE(made.ok());
    const auto copy = with_statement(made->pdf, made->statement);
    testing::write(work / "copy.pdf", copy);
    testing::write(work / "original.pdf", file);
    return copy;
}

/// Every object in the clear, as others' programs see them.
std::string everything(const Workspace& work) {
    REQUIRE(work.run("qpdf --qdf --object-streams=disable copy.pdf clear.pdf").code == 0);
    return testing::read(work / "clear.pdf") + work.run("pdftotext -layout copy.pdf -").output +
           work.run("pdfinfo -meta copy.pdf").output + work.run("pdfinfo copy.pdf").output;
}

void check_nothing_remains(const Workspace& work) {
    const auto all = everything(work);
    for (const auto* word : secret_words) {
        INFO(word);
        CHECK(all.find(word) == std::string::npos);
    }
    CHECK(all.find("12345678Z") == std::string::npos);
    CHECK(all.find("SECRETO-IMAGEN") == std::string::npos);
    CHECK(all.find("zzzzzzzzzzzzzzzz") == std::string::npos);
    CHECK(work.run("qpdf --check copy.pdf").code == 0);
}

}  // namespace

TEST_CASE("of a page that is left out nothing remains, and text of the others is text") {
    const Workspace work;
    copied(work, original(), of_pages({1, 3}));
    check_nothing_remains(work);
    const auto text = work.run("pdftotext copy.pdf -").output;
    CHECK(text.find("Primera pagina") != std::string::npos);
    CHECK(text.find("Tercera pagina") != std::string::npos);
    CHECK(work.run("pdfimages -list copy.pdf").output.find("image") == std::string::npos);
    CHECK(work.run("pdfinfo copy.pdf").says("Pages:           2"));
}

TEST_CASE("an area is taken out of the pixels: the page becomes an image with the rest") {
    const Workspace work;
    // 40 points from the left, 300 - 214 from above, to well past the words: in millimetres
    copied(work, original(), of_pages({2, 3}, {{2, {{100, 280, 1200, 320}}}}));
    const auto all = everything(work);
    for (const auto* word : {"SECRETO-DOS", "SECRETO-XOBJ", "SECRETO-IMAGEN", "12345678Z", "SECRETO-META"}) {
        INFO(word);
        CHECK(all.find(word) == std::string::npos);
    }
    CHECK(work.run("pdftotext copy.pdf -").output.find("Tercera pagina") != std::string::npos);
    const auto images = work.run("pdfimages -list copy.pdf").output;
    CHECK(images.find("200") != std::string::npos);
    REQUIRE(work.run("pdfimages -f 1 -l 1 copy.pdf taken").code == 0);
    const auto file = std::filesystem::exists(work / "taken-000.pgm") ? "taken-000.pgm" : "taken-000.ppm";
    const auto pixels = testing::read(work / file);
    // What was seen there is black from one edge of the area to the other; pixel (300, 300) is inside of it.
    const auto body = pixels.substr(pixels.find("255\n") + 4);
    const std::size_t width = 1112, each = body.size() / (width * 834);
    CHECK(body.substr((300 * width + 300) * each, each) == std::string(each, '\0'));
    CHECK(body.substr((820 * width + 1100) * each, each) == std::string(each, '\xff'));
}

TEST_CASE("a whole page that shares what draws it with one that goes becomes an image") {
    const Workspace work;
    auto objects = three_pages();
    // One drawing for two pages, each showing a half of it, as tools that split a spread make them.
    objects[3] =
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 400 300 ] /CropBox [ 0 0 200 300 ] /Resources 20 0 R "
        "/Contents 7 0 R >>";
    objects[4] =
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 400 300 ] /CropBox [ 200 0 400 300 ] /Resources 20 0 R "
        "/Contents 7 0 R >>";
    objects[7] = testing::stream("", "BT /F1 14 Tf 20 200 Td (Mitad) Tj 170 0 Td (SECRETO-DOS) Tj ET");
    const auto made = make_extract(testing::pdf_of(objects), of_pages({1, 3}));
    REQUIRE(made.ok());
    CHECK(made->pictured == std::vector<int>{1});
    testing::write(work / "copy.pdf", made->pdf);
    CHECK(everything(work).find("SECRETO") == std::string::npos);
    CHECK(work.run("pdftotext copy.pdf -").output.find("Tercera") != std::string::npos);
}

TEST_CASE(
    "whoever has the original checks that the copy is an extract of it, with pdftoppm and sha256sum too") {
    const Workspace work;
    const auto file = original();
    const auto copy = copied(work, file, of_pages({1, 2}, {{2, {{100, 280, 1200, 320}}}}));
    const auto good = check_statement(copy, file);
    INFO(good.dump(true));
    CHECK(good.string_or("veredicto", "") == "concuerda");
    CHECK(check_statement(copy, std::nullopt).string_or("veredicto", "") == "sin-original");

    const auto said = concejo::Json::parse(*statement_of(copy));
    CHECK(said.int_or("paginas", 0) == 3);
    const auto& first = said.at("enteras").as_array().at(0);
    const auto sum = work.run(said.string_or("metodo", "") + " -f 1 -l 1 original.pdf | sha256sum").output;
    CHECK(sum.substr(0, 64) == first.string_or("huella", ""));
    const auto attached = work.run("qpdf --show-attachment=extracto.json copy.pdf").output;
    CHECK(attached == *statement_of(copy));
    CHECK(attached.find(crypto::hex(page_salt(std::string(32, 's'), 1))) != std::string::npos);
    CHECK(attached.find(crypto::hex(page_salt(std::string(32, 's'), 2))) == std::string::npos);
    CHECK(attached.find(crypto::hex(page_salt(std::string(32, 's'), 3))) == std::string::npos);
}

TEST_CASE("another original, another page, another cut: the statement does not agree") {
    const Workspace work;
    const auto file = original();
    const auto copy = copied(work, file, of_pages({1, 2}, {{2, {{100, 280, 1200, 320}}}}));
    auto objects = three_pages();
    objects[6] = testing::stream("", "BT /F1 14 Tf 40 200 Td (Primera pagine) Tj ET");
    CHECK(check_statement(copy, testing::pdf_of(objects)).string_or("veredicto", "") == "no-concuerda");
    objects = three_pages();
    objects[7] = testing::stream("", "BT /F1 14 Tf 40 10 Td (fuera de la zona) Tj ET");
    CHECK(check_statement(copy, testing::pdf_of(objects)).string_or("veredicto", "") == "no-concuerda");
    objects = three_pages();
    objects[2] = "<< /Type /Pages /Kids [ 3 0 R 4 0 R ] /Count 2 >>";
    CHECK(check_statement(copy, testing::pdf_of(objects)).string_or("veredicto", "") == "no-concuerda");
    auto text = *statement_of(copy);
    const auto at = text.find("\"raiz\":\"") + 8;
    text[at] = text[at] == '0' ? '1' : '0';
    CHECK(check_statement(with_statement(copy, text), file).string_or("veredicto", "") == "no-concuerda");
    CHECK(check_statement(file, file).string_or("veredicto", "") == "no-concuerda");
}

TEST_CASE("the root holds the pages that are not shown: with the secret any of them can be opened later") {
    const auto file = original();
    const auto some = make_extract(file, of_pages({1})), other = make_extract(file, of_pages({3}));
    REQUIRE(some.ok());
    REQUIRE(other.ok());
    const auto root = [](const auto& made) {
        return concejo::Json::parse(made->statement).string_or("raiz", "");
    };
    CHECK(root(some) == root(other));
}

TEST_CASE("what cannot be copied in part is refused with its reason") {
    const auto file = original();
    const auto why = [&](const std::string& pdf, const Extract& wanted) {
        const auto made = make_extract(pdf, wanted);
        return made.ok() ? std::string("ok") : std::string(code(made.error()));
    };
    CHECK(why(file, of_pages({1, 2, 3})) == "nothing_removed");
    CHECK(why(file, of_pages({})) == "nothing_removed");
    CHECK(why(file, of_pages({4})) == "no_such_page");
    CHECK(why(file, of_pages({1}, {{2, {{1, 1, 1, 1}}}})) == "no_such_page");
    CHECK(why("nada", of_pages({1})) == "unreadable");
    CHECK(why(file.substr(0, 200), of_pages({1})) == "unreadable");
    auto objects = three_pages();
    objects[4] = "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 14400 14400 ] >>";
    CHECK(why(testing::pdf_of(objects), of_pages({1})) == "too_large");
    const Workspace work;
    testing::write(work / "plain.pdf", file);
    work.run("qpdf --encrypt a b 256 -- plain.pdf locked.pdf");
    CHECK(why(testing::read(work / "locked.pdf"), of_pages({1})) == "encrypted");
}

TEST_CASE("pages and areas as people write them") {
    CHECK(parse_pages("1, 3-5,3") == std::vector<int>{1, 3, 4, 5});
    for (const auto* bad : {"", "0", "a", "3-1", "1-", "1,,2", "-1", "99999", "1 2"}) {
        INFO(bad);
        CHECK_FALSE(parse_pages(bad).has_value());
    }
    const auto areas = parse_areas("2:20,35,100,12\r\n2: 1,2,3,4 ;7:0,0,10,10\n");
    REQUIRE(areas.has_value());
    CHECK(areas->at(2) == std::vector<Area>{{200, 350, 1000, 120}, {10, 20, 30, 40}});
    CHECK(areas->at(7) == std::vector<Area>{{0, 0, 100, 100}});
    CHECK(parse_areas("")->empty());
    for (const auto* bad :
         {"2:1,2,3", "1,2,3,4", "0:1,2,3,4", "2:1,2,0,4", "2:1,2,3,4,5", "2:a,2,3,4", "2:-1,2,3,4"}) {
        INFO(bad);
        CHECK_FALSE(parse_areas(bad).has_value());
    }
}

TEST_CASE("a page is shown under its grid, what is taken out in red; pages that are not there are refused") {
    const auto file = original();
    const Workspace work;
    const auto pixel = [&](const std::vector<Area>& areas, int x, int y) {
        const auto shown = preview(file, 2, areas);
        REQUIRE(shown.ok());
        testing::write(work / "page.png", shown->png);
        REQUIRE(work.run("pngtopnm page.png > page.ppm").code == 0);
        const auto picture = Picture::parse(testing::read(work / "page.ppm"));
        REQUIRE(picture);
        CHECK(picture->width == 445);  // 400 points at 80 pixels an inch
        const auto at = 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture->width) +
                             static_cast<std::size_t>(x));
        return picture->rgb.substr(at, 3);
    };
    const Area area{300, 300, 200, 100};  // 94 to 157 pixels across, 94 to 126 down
    CHECK(pixel({}, 104, 104) == "\xff\xff\xff");
    const auto red = pixel({area}, 104, 104);
    CHECK(static_cast<unsigned char>(red[0]) > static_cast<unsigned char>(red[1]) + 50);
    CHECK(pixel({area}, 300, 104) == "\xff\xff\xff");
    CHECK(preview(file, 4, {}).error() == NotCopied::no_such_page);
    CHECK(*pages_there(file, {}) == std::vector<int>{1, 2, 3});
    CHECK(pages_there(file, {1, 4}).error() == NotCopied::no_such_page);
    unsigned seed = 5;
    for (int n = 0; n < 300; ++n) {
        auto mutated = file;
        for (int k = 0; k < 4; ++k) {
            seed = seed * 1664525u + 1013904223u;
            mutated[seed / 256 % mutated.size()] = static_cast<char>(seed >> 3);
        }
        (void)pages_there(mutated, {});  // whatever it says, it comes back
    }
}
