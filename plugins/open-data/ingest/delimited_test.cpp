#include "plugins/open-data/ingest/test_support.hpp"

#include <catch2/catch.hpp>

using open_data::ingest::Bytes;
using open_data::ingest::make_source;
using open_data::ingest::testing::read_bytes;
using Cells = std::vector<std::string>;

namespace {

std::string utf16(const std::string& ascii, bool big, bool mark) {
    std::string out = !mark ? "" : big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : ascii) (big ? out += '\0', out += c : (out += c, out += '\0'));
    return out;
}

}  // namespace

TEST_CASE("a file's encoding is told from all of it") {
    struct Case {
        std::string bytes, encoding, cell;
    };
    const std::string plain = "a;b\nuno;1\ndos;2\n";
    const std::vector<Case> cases = {
        {"a;b\nPeñ\xC3\xB3n;1\n", "utf-8", "Peñón"},
        {"\xEF\xBB\xBF"
         "a;b\nuno;1\n",
         "utf-8", "uno"},
        {utf16(plain, false, true), "utf-16-le", "uno"},
        {utf16(plain, true, true), "utf-16-be", "uno"},
        {utf16(plain, false, false), "utf-16-le", "uno"},
        {utf16(plain, true, false), "utf-16-be", "uno"},
        {"a;b\nPe\xF1\xF3n 5 \x80;1\n", "windows-1252", "Peñón 5 €"},
        {"a;b\nPe\xF1\xF3n 5 \xA4;1\n", "iso-8859-15", "Peñón 5 €"},
        {"a;b\nPe\xF1\xF3n;1\n", "windows-1252", "Peñón"},
        {"a;b\n\x93uno\x94 \xA4;1\n", "windows-1252", "“uno” ¤"},
    };
    for (const auto& one : cases) {
        INFO(one.bytes);
        const auto outcome = read_bytes(one.bytes);
        CHECK(outcome.recipe.encoding == one.encoding);
        CHECK(outcome.names() == "a|b");
        REQUIRE_FALSE(outcome.rows.empty());
        CHECK(outcome.rows[0][0] == one.cell);
    }
}

TEST_CASE("a few bytes of Windows-1252 in UTF-8 are read as such") {
    std::string text = "nombre;n\n";
    for (int i = 0; i < 40; ++i) text += "Alcalá;" + std::to_string(i) + "\n";
    const auto outcome = read_bytes(text +
                                    "Pe\xF1"
                                    "a;41\n");
    CHECK(outcome.recipe.encoding == "utf-8");
    CHECK(outcome.rows.back() == Cells{"Peña", "41"});
}

TEST_CASE("a zero byte becomes a replacement character, since no text in PostgreSQL may have one") {
    const auto outcome = read_bytes(std::string("a;b\nx\0y;1\n", 10));
    CHECK(outcome.rows.at(0) == Cells{"x\uFFFDy", "1"});
}

TEST_CASE("UTF-16 is converted in pieces, rows across them and pairs of surrogates too") {
    std::string text("\xFF\xFE", 2);
    const auto put = [&](char16_t c) {
        text += static_cast<char>(c & 0xFF), text += static_cast<char>(c >> 8);
    };
    for (const char16_t c : std::u16string_view(u"nombre,n\n")) put(c);
    constexpr int rows = 40000;
    for (int i = 0; i < rows; ++i) {
        for (const char16_t c : std::u16string_view(u"\"Peñón 😀\n\",")) put(c);
        for (const char c : std::to_string(i) + "\n") put(static_cast<char16_t>(c));
    }
    const auto outcome = read_bytes(text);
    CHECK(outcome.report.accepted == rows);
    CHECK(outcome.rows.at(rows - 1) == Cells{"Peñón 😀", std::to_string(rows - 1)});
}

TEST_CASE("a file's dialect is told from its beginning") {
    struct Case {
        std::string text;
        char delimiter;
        std::string names;
        Cells first;
    };
    const std::vector<Case> cases = {
        {"a,b\n1,x\n2,y\n", ',', "a|b", {"1", "x"}},
        {"a;b\r\n1,5;2,5\r\n2,5;3,5\r\n", ';', "a|b", {"1.5", "2.5"}},
        {"a\tb\n1,5\tx\n", '\t', "a|b", {"1.5", "x"}},
        {"a|b\n1|x, y\n2|z, w\n", '|', "a|b", {"1", "x, y"}},
        {"a;b\r1;x\r2;y\r", ';', "a|b", {"1", "x"}},
        {"sep=;\r\na;b\r\n1;x\r\n", ';', "a|b", {"1", "x"}},
        {"sep=,\na,b\n1,x\n", ',', "a|b", {"1", "x"}},
        {"\"a;x\";b\n\"1 \"\"dos\"\"\";\"l\n2\"\n", ';', "a;x|b", {"1 \"dos\"", "l\n2"}},
        {"a,b\n\"x \\\"y\\\", z\",1\n\"w\",2\n", ',', "a|b", {"x \"y\", z", "1"}},
        {"\"a,b\"\n\"1,\"\"x, y\"\"\"\n\"2,z\"\n", ',', "a|b", {"1", "x, y"}},
        {"a,b\n\"1,\"\"x, y\"\"\"\n\"2,z\"\n\"3,z\"\n\"4,z\"\n\"5,z\"\n", ',', "a|b", {"1", "x, y"}},
        {"a;b\n1; \"x;y\"\n", ';', "a|b", {"1", "x;y"}},
        {"direccion\nCalle Mayor, 5\nPlaza Nueva, 3\n", '\0', "direccion", {"Calle Mayor, 5"}},
        {"n\n1\n2\n", '\0', "n", {"1"}},
        {"a;b\n\"x\" y;1\n", ';', "a|b", {"xy", "1"}},
    };
    for (const auto& one : cases) {
        INFO(one.text);
        const auto outcome = read_bytes(one.text);
        CHECK(outcome.recipe.delimiter == one.delimiter);
        CHECK(outcome.names() == one.names);
        REQUIRE_FALSE(outcome.rows.empty());
        CHECK(outcome.rows[0] == one.first);
        CHECK(outcome.report.rejected == 0);
    }
}

TEST_CASE("a quote that does not close costs its line and no other") {
    const auto outcome = read_bytes("a;b;c\n1;\"x;2\n2;y;3\n3;z;4\n");
    REQUIRE(outcome.report.rejects.size() == 1);
    CHECK(outcome.report.rejects[0].line == 2);
    CHECK(outcome.report.rejects[0].text() == "hay comillas que se abren y no se cierran");
    CHECK(outcome.column(0) == Cells{"2", "3"});
}

TEST_CASE("cells, rows and columns have limits, and what passes them has a reason") {
    const auto reason = [](const std::string& row) {
        const auto outcome = read_bytes("a;b\n1;x\n2;x\n3;x\n" + row + "\n4;x\n");
        CHECK(outcome.report.accepted == 4);
        REQUIRE(outcome.report.rejects.size() == 1);
        CHECK(outcome.report.rejects[0].line == 5);
        return outcome.report.rejects[0].text();
    };
    CHECK(reason("5;" + std::string((1 << 20) + 1, 'x')) == "una celda pasa de 1 MiB");
    CHECK(reason("5;" + std::string(3000, ';') + "x") == "la fila tiene más de 2000 columnas");
    std::string wide = "5";
    for (int i = 0; i < 5; ++i) wide += ";" + std::string(1 << 20, 'x');
    CHECK(reason(wide) == "la fila pasa de 4 MiB");
    // Blanks at the end are none, however many.
    CHECK(read_bytes("a;b\n1;x\n2;y" + std::string(3000, ';') + "\n").report.accepted == 2);
}

TEST_CASE("an endless line of UTF-16 takes no endless memory") {
    const auto outcome = read_bytes(utf16("a;b\n1;x\n" + std::string(9 << 20, 'y') + "\n2;z\n", false, true));
    CHECK(outcome.column(0) == Cells{"1", "2"});
    REQUIRE(outcome.report.rejects.size() == 1);
    CHECK(outcome.report.rejects[0].line == 3);
}

TEST_CASE("an empty file has no columns and no rows") {
    for (const std::string empty : {"", "\n\n", " ; \n", "\xEF\xBB\xBF"}) {
        const auto outcome = read_bytes(empty);
        CHECK(outcome.report.read == 0);
    }
}
