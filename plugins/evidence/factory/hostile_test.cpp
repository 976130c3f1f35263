#include "plugins/evidence/factory/make.hpp"
#include "plugins/evidence/testing/diligencia.hpp"
#include "tests/support/whole_run.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace evidence;
using namespace evidence::factory;
using evidence::testing::a_document;
using evidence::testing::Workspace;

namespace {

const std::vector<std::string> nasty = {
    "",
    std::string("nulo \0 dentro", 13),
    "control \x01\x02\x1b[31m\x7f\xc2\x85 fin",
    "no es UTF-8: \xff\xfe\xc3( \xed\xa0\x80 \xf8\x88\x80\x80\x80",
    "al revés \xe2\x80\xae"
    "dito\xe2\x80\xac y \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d con 123 y (paréntesis)",
    "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc"
    "\x81\xcc\x81",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 "
    "\xf0\x9f\x87\xaa\xf0\x9f\x87\xb8 \xf0\x9f\x98\x80",
    "\n\n\n\t\r\n\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\x8b",
    "<b>&amp;</b> (\\) << /JS (x) >> endobj %PDF",
    "\xcc\x81\xcc\x81 empieza por un acento",
    "\xef\xbf\xbe\xf0\x9f\xbf\xbf no son caracteres"};

void well_formed(const Workspace& work, const Made& made) {
    testing::write(work / "file.pdf", made.pdf);
    const auto checked =
        work.run("qpdf --check file.pdf && pdftotext file.pdf file.txt && xmllint --version >file.log");
    INFO(checked.output);
    CHECK(checked.code == 0);
    CHECK_FALSE(checked.says("WARNING"));
    CHECK_FALSE(checked.says("Syntax"));
}

bool refuses(const Document& document) {
    try {
        make(document);
        return false;
    } catch (const concejo::Error& error) {
        return error.kind() == concejo::ErrorKind::invalid;
    }
}

/// A generator that is the same everywhere.
struct Dice {
    unsigned seed;
    unsigned roll(unsigned sides) {
        seed = seed * 1664525u + 1013904223u;
        return (seed >> 8) % sides;
    }
    std::string text() {
        std::string out;
        for (auto n = roll(6); n > 0; --n)
            out += nasty[roll(static_cast<unsigned>(nasty.size()))] + " palabra ";
        if (roll(20) == 0) out += std::string(3000, 'W');
        return out;
    }
    Text runs() {
        std::vector<Run> runs;
        for (auto n = roll(4); n > 0; --n)
            runs.push_back({text(), roll(2) == 0, roll(2) == 0, roll(2) == 0,
                            roll(3)   ? ""
                            : roll(2) ? "https://a.example/'\\)"
                                      : "javascript:x"});
        return runs;
    }
    Block block() {
        switch (roll(9)) {
            case 0:
                return Heading{1 + static_cast<int>(roll(3)), text()};
            case 1:
                return Paragraph{runs(), static_cast<Align>(roll(3)), roll(2) == 0};
            case 2: {
                List list{{}, roll(2) == 0};
                for (auto n = roll(5); n > 0; --n) list.items.push_back(runs());
                return list;
            }
            case 3: {
                Table table{{}, {}, text(), roll(2) == 0};
                for (auto n = 1 + roll(16); n > 0; --n)
                    table.columns.push_back({text(), static_cast<Align>(roll(3))});
                for (auto n = roll(20); n > 0; --n) {
                    table.rows.emplace_back();
                    for (auto c = roll(static_cast<unsigned>(table.columns.size()) + 1); c > 0; --c)
                        table.rows.back().push_back(runs());
                }
                return table;
            }
            case 4: {
                Definitions definitions;
                for (auto n = roll(5); n > 0; --n) definitions.items.push_back({text(), runs()});
                return definitions;
            }
            case 5:
                return Note{runs(), text(), roll(2) == 0};
            case 6:
                return PageBreak{};
            case 7:
                return Image{testing::a_shield(), 1.0 + roll(300), static_cast<Align>(roll(3))};
            default:
                return SignatureSpace{1.0 + roll(300), 1.0 + roll(300), static_cast<Align>(roll(3))};
        }
    }
};

}  // namespace

TEST_CASE("texts that nobody would write are drawn without harm") {
    const Workspace work;
    for (const auto& text : nasty) {
        INFO(text);
        auto document =
            a_document({Heading{1, text}, Paragraph{text}, Note{text, text}, List{{text, text}},
                        Definitions{{{text, text}}}, Table{{{text}, {text}}, {{text}, {text, text}}, text}});
        document.title += text, document.author = text, document.subject = text, document.application = text;
        document.letterhead.name = text, document.letterhead.unit = text;
        document.verification->note = text;
        well_formed(work, make(document));
    }
}

TEST_CASE("what turns or hides text is left out of it") {
    const Workspace work;
    testing::write(work / "file.pdf", make(a_document({Paragraph{"pagar \xe2\x80\xae"
                                                                 "0001\xe2\x80\xac euros\x01 y\0 ya"}}))
                                          .pdf);
    CHECK(work.run("pdftotext file.pdf -").says("pagar 0001 euros y"));
}

TEST_CASE("pages on which there is nothing to see keep their structure") {
    for (const std::string text : {"", " ", "\n", "\xe2\x80\x8b"}) {
        INFO(text);
        auto document = a_document(
            {Paragraph{text}, PageBreak{}, Note{text}, PageBreak{}, Table{{{text}}, {{text}}, ""}});
        CHECK(make(document).pages == 3);
        document.letterhead = {}, document.verification = std::nullopt;
        CHECK(make(document).pages == 3);
    }
}

TEST_CASE("a word of 100,000 letters, a cell of several pages and nothing at all") {
    const Workspace work;
    const std::string word(100'000, 'm');
    const auto long_one = make(a_document({Paragraph{word}}));
    CHECK(long_one.pages > 20);
    well_formed(work, long_one);
    const auto read = testing::read(work / "file.txt");
    CHECK(std::count(read.begin(), read.end(), 'm') > 100'000 - 1);
    const auto cell =
        make(a_document({Table{{{"Uno"}, {"Dos"}}, {{Text(word.substr(0, 20'000)), Text("junto")}}, ""}}));
    CHECK(cell.pages > 3);
    well_formed(work, cell);
    well_formed(work, make(a_document({Heading{1, word.substr(0, 5000)}, Heading{2, word.substr(0, 5000)}})));
    const auto empty = make(a_document({}));
    CHECK(empty.pages == 1);
    well_formed(work, empty);
    CHECK(make(a_document({PageBreak{}, PageBreak{}})).pages == 1);
    well_formed(
        work,
        make(a_document({List{}, Definitions{}, Paragraph{}, Table{{{"Solo"}}, {}, ""}, SignatureSpace{}})));
}

TEST_CASE("a model that cannot be drawn is refused as the caller's mistake") {
    const auto with = [](auto change) {
        auto document = a_document({Paragraph{"x"}});
        change(document);
        return refuses(document);
    };
    CHECK_FALSE(with([](Document&) {}));
    CHECK(with([](Document& one) { one.title = "\x01"; }));
    CHECK(with([](Document& one) { one.language = ""; }));
    CHECK(with([](Document& one) { one.language = "es_ES"; }));
    CHECK(with([](Document& one) { one.created = std::chrono::sys_days(std::chrono::year(12000) / 1 / 1); }));
    CHECK(with([](Document& one) { one.letterhead.shield->bytes = "GIF89a"; }));
    CHECK(with([](Document& one) {
        one.letterhead.shield->bytes = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 9'/>";
    }));
    CHECK(with([](Document& one) { one.verification->url = "https://a.example/ñ"; }));
    CHECK(with([](Document& one) { one.verification->url = std::string(301, 'a'); }));
    CHECK(with([](Document& one) { one.verification->csv = ""; }));
    CHECK(with([](Document& one) { one.verification->note = std::string(5000, 'a'); }));
    const auto block = [](Block one) { return refuses(a_document({std::move(one)})); };
    CHECK(block(Heading{4, "x"}));
    CHECK(block(Table{}));
    CHECK(block(Table{std::vector<Column>(17, Column{"x"}), {}, ""}));
    CHECK(block(Table{{{"x"}}, {{"1", "2"}}, ""}));
    CHECK(block(Image{testing::a_shield(), 0}));
    CHECK(block(SignatureSpace{-1, 10}));
    CHECK(block(Paragraph{std::string(500'001, 'a')}));
    std::string bomb("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\b\2\0\0\0xxxx", 33);
    CHECK(block(Image{{bomb, "x"}, 10}));
    std::vector<Block> pages;
    for (int n = 0; n < 2001; ++n) pages.insert(pages.end(), {Paragraph{"x"}, PageBreak{}});
    CHECK(refuses(a_document(pages)));
}

TEST_CASE("models thrown with dice become whole PDFs") {
    const Workspace work;
    const int throws = tests::whole_run() ? 300 : 15;
    for (int n = 0; n < throws; ++n) {
        Dice dice{static_cast<unsigned>(n)};
        INFO(n);
        std::vector<Block> blocks;
        for (auto many = dice.roll(12); many > 0; --many) blocks.push_back(dice.block());
        well_formed(work, make(a_document(blocks)));
    }
}
