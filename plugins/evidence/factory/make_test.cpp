#include "plugins/evidence/factory/make.hpp"

#include "plugins/evidence/testing/diligencia.hpp"
#include "plugins/evidence/testing/preflight.hpp"
#include "plugins/evidence/testing/signing.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <sstream>
#include <thread>

using namespace evidence;
using namespace evidence::factory;
using evidence::testing::a_diligencia;
using evidence::testing::a_document;
using evidence::testing::Workspace;

namespace {

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++found;
    return found;
}

/// Text as somebody copies it, in one line.
std::string flat(std::string text) {
    std::istringstream words(text);
    std::string out, word;
    while (words >> word) out += (out.empty() ? "" : " ") + word;
    return out;
}

Made made_in(const Workspace& work, const Document& document) {
    auto made = make(document);
    testing::write(work / "file.pdf", made.pdf);
    return made;
}

}  // namespace

TEST_CASE("a certificate of exposure is PDF/A-1b and whole, say others' programs") {
    const Workspace work;
    const auto made = made_in(work, a_diligencia());
    CHECK(made.pages == 3);
    const auto checked = work.run("qpdf --check file.pdf");
    INFO(checked.output);
    CHECK(checked.code == 0);
    CHECK_FALSE(checked.says("WARNING"));
    const auto info = work.run("env TZ=UTC pdfinfo -isodates file.pdf").output;
    INFO(info);
    CHECK(count(info, "Diligencia de exposición del edicto 2026/0147"));
    CHECK(count(info, "Ayuntamiento de Valdehermoso"));
    CHECK(count(info, "2026-02-17T09:30:00Z"));
    for (const std::string line : {"Tagged: yes", "Pages: 3", "Page size: 595.276 x 841.89 pts (A4)",
                                   "PDF version: 1.4", "JavaScript: no", "Encrypted: no"})
        CHECK(count(flat(info), line) == 1);
    CHECK(count(work.run("pdfinfo -meta file.pdf").output,
                "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>") == 1);
    const auto fonts = work.run("pdffonts file.pdf | tail -n +3").output;
    INFO(fonts);
    CHECK(count(fonts, "\n") >= 5);
    CHECK(count(fonts, " yes yes yes ") == count(fonts, "\n"));  // embedded, a subset, with its Unicode
    const auto catalog = work.run("qpdf --json file.pdf").output;
    CHECK(count(catalog, "\"/Lang\": \"u:es-ES\"") == 1);
    CHECK(count(catalog, "\"/DisplayDocTitle\": true") == 1);
    CHECK(count(catalog, "\"/Marked\": true") == 1);
}

TEST_CASE("Apache Preflight finds nothing against PDF/A-1b in any kind of block") {
    if (!testing::has_preflight()) {
        WARN("sin Java y libpdfbox2-java: se omite PDF/A");
        return;
    }
    const Workspace work;
    testing::write(work / "diligencia.pdf", make(a_diligencia()).pdf);
    testing::write(work / "empty.pdf", make(a_document({})).pdf);
    auto bare = a_document({Paragraph{"Sin escudo ni CSV"}});
    bare.letterhead = {}, bare.verification = std::nullopt, bare.subject = "", bare.page_label = "";
    testing::write(work / "bare.pdf", make(bare).pdf);
    auto image = Image{testing::a_shield(), 40, Align::right};
    const std::string scripts =
        "Ελληνικά Кириллица العربية עברית l·l çÇ ŵŷ ﬁ e\xcc\x81 ‰ ½ → ✓ \xf0\x9f\x8f\x9b";
    testing::write(work / "scripts.pdf",
                   make(a_document({Heading{1, scripts}, Paragraph{scripts}, image, PageBreak{},
                                    Note{scripts, scripts}, List{{scripts}, true}}))
                       .pdf);
    const auto judged = testing::preflight(work, "diligencia.pdf empty.pdf bare.pdf scripts.pdf");
    INFO(judged.output);
    CHECK(count(judged.output, " VALID") == 4);
}

TEST_CASE("the text comes out in the order in which it is read, the page's furniture around it") {
    const Workspace work;
    made_in(work, a_diligencia());
    const auto text = flat(work.run("pdftotext file.pdf -").output);
    INFO(text);
    std::size_t at = 0;
    for (const std::string next :
         {"Ayuntamiento de Valdehermoso", "Diligencia de exposición en el tablón",
          "Doña Carmen Iglesias Ñúñez", "hace constar: que el edicto", "nadie lo ha cambiado.",
          "Expediente 2026/0147", "Qué se comprobó", "• 8.640 comprobaciones", "Interrupciones",
          "Comprobaciones de cada día", "16/01/2026", "17/01/2026", "Cómo comprobarlo", "1. Entre",
          "2. Compare", "En Valdehermoso, a 17", "La Secretaria-Interventora"}) {
        INFO(next);
        const auto found = text.find(next, at);
        REQUIRE(found != std::string::npos);
        at = found;
    }
    CHECK(count(text, "7K4M-Q2ZP-9XWB-TR6H-D3NC") == 3);
    CHECK(count(text, "Documento de desarrollo, sin validez") == 3);
    for (int page = 1; page <= 3; ++page) CHECK(count(text, "Página " + std::to_string(page) + " de 3") == 1);
}

TEST_CASE("each page's QR code is the address, says zbarimg") {
    const Workspace work;
    made_in(work, a_diligencia());
    REQUIRE(work.run("pdftoppm -r 150 -gray -png file.pdf page").code == 0);
    for (int page = 1; page <= 3; ++page) {
        const auto read = work.run("zbarimg --nodbus -q --raw page-" + std::to_string(page) + ".png");
        INFO(page);
        CHECK(read.output == testing::diligencia_url + "\n");
    }
}

TEST_CASE(
    "assistive technology gets headings, lists, tables, links and what pictures say, and nothing twice") {
    const Workspace work;
    made_in(work, a_diligencia(4));
    const auto structure = work.run("pdfinfo -struct-text file.pdf").output;
    INFO(structure);
    CHECK(structure.starts_with("Document"));
    for (const std::string one :
         {"H1", "H2", "Table", "TR", "TH", "TD", "L ", "LI", "Lbl", "LBody", "Figure", "Link", "Div"})
        CHECK(count(structure, one) > 0);
    CHECK(count(structure, "Scope /Column") == 6);
    CHECK(count(structure, "Scope /Row") == 4);
    CHECK(count(structure, "ListNumbering /Decimal") == 1);
    const auto spoken = flat(structure);
    CHECK(count(spoken, "Comprobaciones de cada día") == 1);
    CHECK(count(spoken, "Diligencia de exposición en el tablón de edictos") == 1);
    CHECK(count(spoken, "7K4M-Q2ZP-9XWB-TR6H-D3NC") == 1);
    CHECK(count(spoken, "Página 1 de") == 0);
    const auto objects = work.run("qpdf --qdf --object-streams=disable file.pdf -").output;
    CHECK(count(objects, "/Alt (Escudo de Valdehermoso)") == 1);
    CHECK(count(objects, "/URI (https://sede.valdehermoso.example/tablon)") >= 1);
    CHECK(count(objects, "/Artifact << /Type /Pagination >> BDC") == 2);
}

TEST_CASE("the same model gives the same bytes, whichever thread") {
    const auto first = make(a_diligencia()).pdf;
    std::vector<std::string> others(4);
    std::vector<std::thread> threads;
    for (auto& other : others) threads.emplace_back([&other] { other = make(a_diligencia()).pdf; });
    for (auto& thread : threads) thread.join();
    for (const auto& other : others) CHECK((other == first));
    auto later = a_diligencia();
    later.created += std::chrono::seconds(1);
    CHECK((make(later).pdf != first));
}

TEST_CASE("a long table repeats its header on each page, splits no row and loses none") {
    Table table;
    table.columns = {{"Número de orden"}, {"Asunto"}, {"Importe (€)", Align::right}};
    for (int n = 1; n <= 400; ++n)
        table.rows.push_back(
            {Text("orden-" + std::to_string(n)),
             Text("asunto de la línea " + std::to_string(n) +
                  (n % 3 ? ""
                         : ", que ocupa más de una línea porque explica lo que pasó con pelos y señales")),
             Text(std::to_string(n) + ",00")});
    const Workspace work;
    const auto made =
        made_in(work, a_document({Heading{1, "Relación"}, table, Paragraph{"Fin de la relación."}}));
    REQUIRE(made.pages > 8);
    int rows = 0;
    for (int page = 1; page <= made.pages; ++page) {
        const auto number = std::to_string(page);
        const auto text =
            flat(work.run("pdftotext -layout -f " + number + " -l " + number + " file.pdf -").output);
        INFO(text);
        CHECK(count(text, "Número de orden") == 1);
        const auto here = count(text, "orden-");
        rows += static_cast<int>(here);
        CHECK(count(text, "asunto de la línea") == here);
        CHECK(count(text, "pelos y señales") == count(text, "porque explica"));
    }
    CHECK(rows == 400);
    CHECK(count(flat(work.run("pdftotext file.pdf -").output), "Fin de la relación.") == 1);
}

TEST_CASE("no heading ends a page") {
    std::vector<Block> blocks;
    for (int n = 1; n <= 60; ++n) {
        blocks.push_back(Heading{2, "Apartado " + std::to_string(n) + "."});
        blocks.push_back(Paragraph{"Sigue " + std::to_string(n) + ": " +
                                   std::string(static_cast<std::size_t>(n) * 9, 'x')});
    }
    const Workspace work;
    const auto made = made_in(work, a_document(blocks));
    REQUIRE(made.pages > 2);
    for (int page = 1; page <= made.pages; ++page) {
        const auto number = std::to_string(page);
        const auto text = work.run("pdftotext -f " + number + " -l " + number + " file.pdf -").output;
        CHECK(count(text, "Apartado") == count(text, "Sigue"));
    }
}

TEST_CASE("a visible signature goes where its space was left, and PDF/A stays") {
    const auto made = make(a_diligencia());
    REQUIRE(made.signatures.size() == 1);
    const auto& place = made.signatures[0];
    CHECK(place.page == 2);
    CHECK(place.rectangle[2] - place.rectangle[0] == Approx(70 * 72 / 25.4));
    CHECK(place.rectangle[1] > 100);
    signature::PadesOptions options;
    options.stamp = signature::Stamp{place.page, place.rectangle, {"Firmado por PERSONA DE DESARROLLO"}};
    const Workspace work;
    testing::write(work / "signed.pdf", testing::sign_pdf(made.pdf, "empleado", options, false));
    CHECK(work.run("pdfsig -nocert signed.pdf").says("Signature is Valid"));
    CHECK(work.run("pdftotext -f 3 signed.pdf -").says("PERSONA DE DESARROLLO"));
    if (!testing::has_preflight()) return;
    const auto judged = testing::preflight(work, "signed.pdf");
    INFO(judged.output);
    CHECK(judged.says("signed.pdf VALID"));
}
