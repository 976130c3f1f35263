#include "plugins/evidence/factory/stamp_csv.hpp"

#include "plugins/evidence/testing/diligencia.hpp"
#include "plugins/evidence/testing/pdf.hpp"
#include "plugins/evidence/testing/preflight.hpp"
#include "plugins/evidence/testing/signing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <regex>

using namespace evidence;
using namespace evidence::factory;
using evidence::testing::Workspace;

namespace {

CsvStamp a_stamp() {
    CsvStamp stamp;
    stamp.verification = testing::a_verification();
    stamp.verification.note = "Copia sellada el 17 de febrero de 2026, a las 9:30";
    stamp.verification.mark = "";
    stamp.language = "es-ES";
    stamp.page_label = "Página {page} de {pages}";
    return stamp;
}

std::string stamped(const std::string& file) {
    auto result = stamp_csv(file, a_stamp());
    REQUIRE(result.ok());
    return std::move(result).value();
}

struct Box {
    std::string word;
    double left, top, right, bottom;  // as seen, from the upper left corner
};
/// What pdftotext sees on each page, and the page's size.
struct SeenPage {
    double width, height;
    std::vector<Box> words;
};
std::vector<SeenPage> seen_in(const Workspace& work, const std::string& file) {
    const auto html = work.run("pdftotext -bbox " + file + " -").output;
    static const std::regex tag(
        R"re(<page width="([\d.]+)" height="([\d.]+)">|<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>)re");
    std::vector<SeenPage> pages;
    for (std::sregex_iterator at(html.begin(), html.end(), tag), end; at != end; ++at) {
        const auto number = [&](int n) { return std::stod((*at)[n].str()); };
        if ((*at)[1].matched)
            pages.push_back({number(1), number(2), {}});
        else
            pages.back().words.push_back({(*at)[7].str(), number(3), number(4), number(5), number(6)});
    }
    return pages;
}
const Box& word(const SeenPage& page, const std::string& text) {
    const auto found =
        std::find_if(page.words.begin(), page.words.end(), [&](const Box& box) { return box.word == text; });
    if (found == page.words.end()) throw std::runtime_error("no está: " + text);
    return *found;
}

int codes(const Workspace& work, const std::string& file, int resolution = 150) {
    work.run("rm -f page*.png; pdftoppm -gray -png -r " + std::to_string(resolution) + " " + file + " page");
    const auto read = work.run("for page in page*.png; do zbarimg --nodbus -q --raw $page; done").output;
    int lines = 0;
    for (std::size_t at = 0; (at = read.find(testing::diligencia_url + "\n", at)) != std::string::npos; ++at)
        ++lines;
    return lines;
}

}  // namespace

TEST_CASE("a stamped copy says on each page where it is checked, below all that it said before") {
    const Workspace work;
    const auto original = make(testing::a_diligencia()).pdf;
    testing::write(work / "in.pdf", original);
    testing::write(work / "out.pdf", stamped(original));
    const auto checked = work.run("qpdf --check out.pdf");
    INFO(checked.output);
    CHECK(checked.code == 0);
    CHECK_FALSE(checked.says("WARNING"));
    const auto before = seen_in(work, "in.pdf"), after = seen_in(work, "out.pdf");
    REQUIRE(after.size() == before.size());
    for (std::size_t n = 0; n < after.size(); ++n) {
        CHECK(after[n].width == before[n].width);
        CHECK(after[n].height == before[n].height);
        const double strip =
            word(after[n], "sellada").top - 40;  // the code and its rule begin above the note
        std::size_t above = 0;
        for (const auto& box : after[n].words) above += box.bottom < strip;
        CHECK(above == before[n].words.size());
        CHECK(after[n].words.size() > above + 10);
    }
    CHECK(work.run("pdfinfo out.pdf").says("Tagged:          yes"));
    CHECK(work.run("pdffonts out.pdf | tail -n +3 | grep -vc \" yes yes yes \"").output == "0\n");
    CHECK(stamped(original) == testing::read(work / "out.pdf"));
}

TEST_CASE("links go with the words that they are on") {
    const Workspace work;
    testing::write(work / "out.pdf", stamped(make(testing::a_diligencia()).pdf));
    const auto pages = seen_in(work, "out.pdf");
    const auto objects = work.run("qpdf --qdf --object-streams=disable out.pdf - | tr \"\\n\" \" \"").output;
    static const std::regex rect(R"(/Rect \[\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+\])");
    std::smatch at;
    REQUIRE(std::regex_search(objects, at, rect));
    const auto& linked = word(pages[0], "sede");
    CHECK(std::stod(at[1]) == Approx(linked.left).margin(1));
    CHECK(std::stod(at[3]) == Approx(linked.right).margin(1));
    CHECK(std::stod(at[2]) == Approx(pages[0].height - linked.bottom).margin(4));
    CHECK(std::stod(at[4]) == Approx(pages[0].height - linked.top).margin(4));
}

TEST_CASE("pages turned, cut, small and large are stamped upright and readable") {
    const Workspace work;
    testing::write(work / "in.pdf", make(testing::a_diligencia(80)).pdf);
    REQUIRE(work.run("qpdf in.pdf --rotate=+90:1 --rotate=+180:2 --rotate=+270:3 turned.pdf").code == 0);
    testing::write(work / "out.pdf", stamped(testing::read(work / "turned.pdf")));
    const auto pages = seen_in(work, "out.pdf");
    CHECK(codes(work, "out.pdf") ==
          2 * static_cast<int>(pages.size()));  // the document's own, and the stamp's
    for (std::size_t n = 0; n < pages.size(); ++n) {
        const auto& note = word(pages[n], "sellada");
        CHECK(note.right - note.left > note.bottom - note.top);
        CHECK(note.top > (n == 0 || n == 2 ? pages[n].width : pages[n].height) - 60);  // as it lies
    }
    const std::vector<std::pair<std::string, int>> boxes{{"0 0 2384 3370", 100},
                                                         {"0 0 300 200", 300},
                                                         {"100 100 242 242", 450},
                                                         {"0 0 3000 300", 150},
                                                         {"-50 -50 250 750", 300}};
    for (const auto& [box, resolution] : boxes) {
        INFO(box);
        auto objects = testing::edict();
        objects[2] = "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 /MediaBox [ " + box + " ] >>";
        testing::write(work / "out.pdf", stamped(testing::pdf_of(objects)));
        CHECK(codes(work, "out.pdf", resolution) == 1);
        CHECK(work.run("qpdf --check out.pdf").code == 0);
    }
}

TEST_CASE("operators that leave the page's state in disorder do not move the stamp") {
    const Workspace work;
    for (const std::string content :
         {"q q 5 0 0 5 100 100 cm", "Q Q Q 2 0 0 2 0 0 cm", "q Q Q q 0 1 -1 0 0 0 cm", ""}) {
        auto objects = testing::edict();
        objects[4] = testing::stream("", content + " BT /F1 12 Tf 20 150 Td (Pago) Tj ET");
        testing::write(work / "out.pdf", stamped(testing::pdf_of(objects)));
        INFO(content);
        CHECK(codes(work, "out.pdf", 300) == 1);
        CHECK(word(seen_in(work, "out.pdf").at(0), "sellada").top > 150);
    }
}

TEST_CASE("PDF/A stays PDF/A, says Apache Preflight") {
    if (!testing::has_preflight()) {
        WARN("sin Java y libpdfbox2-java: se omite PDF/A");
        return;
    }
    const Workspace work;
    testing::write(work / "out.pdf", stamped(make(testing::a_diligencia()).pdf));
    const auto judged = testing::preflight(work, "out.pdf");
    INFO(judged.output);
    CHECK(judged.says("out.pdf VALID"));
}

TEST_CASE("what cannot be stamped is told apart") {
    const Workspace work;
    const auto edict = testing::pdf_of(testing::edict());
    const auto why = [](const std::string& file, const CsvStamp& stamp = a_stamp()) {
        const auto result = stamp_csv(file, stamp);
        REQUIRE_FALSE(result.ok());
        return result.error();
    };
    CHECK(why("") == NotStampable::unreadable);
    CHECK(why("%PDF-1.4 nada") == NotStampable::unreadable);
    CHECK(why(testing::sign_pdf(edict, "sello", {}, false)) == NotStampable::has_signatures);
    CHECK(why(signature::embed(signature::prepare_document_timestamp(edict), "x")) ==
          NotStampable::has_signatures);
    testing::write(work / "in.pdf", edict);
    REQUIRE(
        work.run("qpdf --encrypt \"\" x 256 -- in.pdf owner.pdf && qpdf --encrypt u x 256 -- in.pdf user.pdf")
            .code == 0);
    CHECK(why(testing::read(work / "owner.pdf")) == NotStampable::encrypted);
    CHECK(why(testing::read(work / "user.pdf")) == NotStampable::encrypted);
    auto stamp = a_stamp();
    stamp.most_bytes = edict.size() - 1;
    CHECK(why(edict, stamp) == NotStampable::too_large);
    stamp = a_stamp();
    stamp.most_pages = 0;
    CHECK(why(edict, stamp) == NotStampable::too_many_pages);
    auto objects = testing::edict();
    objects[2] = "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 /MediaBox [ 0 0 9 9 ] >>";
    CHECK(why(testing::pdf_of(objects)) == NotStampable::unreadable);
}

TEST_CASE("mutated PDFs are stamped or refused, never a crash") {
    const auto edict = testing::pdf_of(testing::edict());
    unsigned seed = 7;
    int done = 0;
    for (std::size_t at = 0; at < edict.size(); at += 9) {
        auto mutated = edict;
        seed = seed * 1664525u + 1013904223u;
        mutated[at] = static_cast<char>(seed >> 24);
        done += stamp_csv(mutated, a_stamp()).ok();
    }
    CHECK(done > 0);
}
