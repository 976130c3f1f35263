// Workbooks whose parts are written here and zipped by libarchive. Those that other programs write:
// others_test.cpp.
#include "plugins/open-data/workbook/cell_values.hpp"
#include "plugins/open-data/workbook/test_support.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace open_data::workbook;
using namespace open_data::workbook::testing;
using SheetCells = std::vector<std::string>;

}  // namespace

TEST_CASE("a sheet of XLSX is read as what it shows") {
    const auto outcome = read_book(xlsx(
        R"(<row r="1"><c r="A1" t="str"><v>Contratos</v></c></row>)" + xlsx_header +
        R"(<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" s="5"><v>1234.5600000000001</v></c><c r="C4" s="1"><v>45351</v></c>)"
        R"(<c r="D4" s="3"><v>45351.4375</v></c><c r="E4" s="4"><v>0.4375</v></c><c r="F4" t="b"><v>1</v></c></row>)"
        R"(<row r="6"><c r="A6" t="str"><v>x</v></c><c r="C6" s="2"><v>36526</v></c><c r="F6" t="b"><v>0</v></c></row>)"
        R"(<row r="7"><c t="str"><v>y</v></c><c><v>1E-3</v></c><c t="e"><v>#N/A</v></c></row>)"));
    CHECK(outcome.recipe.container == "xlsx");
    CHECK(outcome.recipe.sheet == "Datos");
    CHECK(outcome.recipe.header_line == 3);
    CHECK(outcome.types() == "text numeric date timestamp time boolean");
    // 45351 is 2024-02-29 (ECMA-376: 1900 date system), 8825 days after 2000-01-01.
    CHECK(outcome.rows == std::vector<SheetCells>{{"Peñón", "1234.56", "8825",
                                                   std::to_string(8825LL * 86'400'000'000 + 37'800'000'000),
                                                   "37800000000", "true"},
                                                  {"x", "∅", "0", "∅", "∅", "false"},
                                                  {"y", "0.001", "∅", "∅", "∅", "∅"}});
}

TEST_CASE("a sheet of ODS is read, repeated cells and rows too") {
    const auto text = [](const std::string& value) {
        return R"(<table:table-cell office:value-type="string"><text:p>)" + value +
               "</text:p></table:table-cell>";
    };
    const auto outcome = read_book(ods(
        "<table:table-row>" + text("a") + text("b") + text("c") + text("d") + "</table:table-row>" +
        R"(<table:table-row table:number-rows-repeated="2">)" + text("x<text:s text:c=\"2\"/>y") +
        R"(<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="1.5"><text:p>1,50</text:p></table:table-cell>)"
        R"(<table:table-cell office:value-type="date" office:value="" office:date-value="2000-01-02"><office:annotation><text:p>no</text:p></office:annotation><text:p>2/1/00</text:p></table:table-cell>)"
        R"(<table:table-cell table:number-columns-repeated="16380"/></table:table-row>)"
        R"(<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>)"));
    CHECK(outcome.recipe.sheet == "Datos");
    CHECK(outcome.types() == "text numeric numeric date");
    const SheetCells row = {"x  y", "1.5", "1.5", "1"};
    CHECK(outcome.rows == std::vector<SheetCells>{row, row});
}

TEST_CASE("a sheet is asked for by its name; where it is not there, the first one that people see has rows") {
    const auto book = xlsx(R"(<row><c t="str"><v>a</v></c></row><row><c><v>1</v></c></row>)");
    CHECK(stream_of(book) == stream_of(book, "Datos"));
    CHECK(stream_of(book, "Portada") == "xlsx\x1FPortada\x1E\x1C");
    CHECK(stream_of(book) == stream_of(book, "Hoja3"));
    const TemporaryFile file(book), other(ods(""));
    CHECK(sheet_names(file.path()) == SheetCells{"Portada", "Datos"});
    CHECK(sheet_names(other.path()) == SheetCells{"Vacía", "Datos"});
    CHECK(stream_of(ods("")) == "ods\x1FVacía\x1E\x1C");
}

TEST_CASE("a hidden sheet is read where it is asked for, or no other has rows") {
    const std::string row =
        R"(<table:table-row><table:table-cell office:value-type="float" office:value="7"/></table:table-row>)";
    const auto book_of = [&](const std::string& seen) {
        auto begin = ods_begin;
        begin.insert(
            begin.find("<office:body>"),
            R"(<office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>)");
        begin.insert(begin.find(" xmlns:table"),
                     R"( xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0")");
        return zipped({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                       {"content.xml", begin + R"(<table:table table:name="Listas" table:style-name="ta1">)" +
                                           row + R"(</table:table><table:table table:name="Datos">)" + seen +
                                           "</table:table>" + ods_end}});
    };
    CHECK(stream_of(book_of(row))
              .starts_with("ods\x1F"
                           "Datos\x1E"));
    CHECK(stream_of(book_of(row), "Listas")
              .starts_with("ods\x1F"
                           "Listas\x1E"));
    CHECK(stream_of(book_of(""))
              .starts_with("ods\x1F"
                           "Listas\x1E"));
    for (const auto* state : {"hidden", "veryHidden"}) {
        auto parts = xlsx_parts(R"(<row><c><v>1</v></c></row>)");
        for (auto& [name, text] : parts)
            if (name == "xl/workbook.xml") {
                text.insert(text.find(" r:id=\"rId2\""), " state=\"" + std::string(state) + "\"");
            } else if (name == "xl/worksheets/sheet1.xml") {
                text = "<worksheet " + xlsx_ns +
                       "><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>";
            }
        CHECK(stream_of(zipped(parts))
                  .starts_with("xlsx\x1F"
                               "Portada\x1E"));
    }
}

TEST_CASE("rows keep their numbers, blanks of any size between them") {
    const std::string cell = R"(<table:table-cell office:value-type="float" office:value="7"/>)";
    const auto far = ods("<table:table-row>" + cell +
                         R"(</table:table-row><table:table-row table:number-rows-repeated="1000000"/>)" +
                         "<table:table-row>" + R"(<table:table-cell table:number-columns-repeated="2"/>)" +
                         cell + "</table:table-row>");
    CHECK(stream_of(far) ==
          "ods\x1F"
          "Datos\x1E"
          "1\x1F"
          "7\x1E"
          "1000002\x1F\x1F\x1F"
          "7\x1E\x1C");
    CHECK(stream_of(xlsx(R"(<row r="5"><c r="B5"><v>7</v></c></row><row><c><v>8</v></c></row>)")) ==
          "xlsx\x1F"
          "Datos\x1E"
          "5\x1F\x1F"
          "7\x1E"
          "6\x1F"
          "8\x1E\x1C");
}

TEST_CASE("escapes of XLSX are the characters that they stand for; errors are blank in both") {
    CHECK(without_escapes("a_x000D__x0041__x005F_x0041_") == "a\rA_x0041_");
    CHECK(without_escapes("_x20AC_ _x00F1_ _x001F_ _xD83D_ _x_ _x12") == "€ ñ   _x_ _x12");
    const auto book = ods(
        R"(<table:table-row><table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">)"
        R"(<text:p>#N/A</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>a<office:annotation><text:p>no</text:p>)"
        R"(</office:annotation></text:p><text:p>b</text:p></table:table-cell></table:table-row>)");
    CHECK(stream_of(book) ==
          "ods\x1F"
          "Datos\x1E"
          "1\x1F\x1F"
          "a\nb\x1E\x1C");
}

TEST_CASE("numbers and days as sheets store them") {
    CHECK(plain_number("0.10000000000000001") == "0.1");
    CHECK(plain_number("1.5E+20") == "150000000000000000000");
    CHECK(plain_number("1E-7") == "0.0000001");
    CHECK(plain_number("397217402245946981") == "397217402245947000");
    CHECK(plain_number("-0.00012345678901234567") == "-0.000123456789012346");
    CHECK(plain_number("-1234.5000000000001") == "-1234.5");
    CHECK(plain_number("0") == "0");
    CHECK(plain_number("-0.0") == "0");
    CHECK(plain_number("999999999999999.9") == "1000000000000000");
    CHECK(plain_number("100") == "100");
    CHECK(plain_number("1e308").size() == 309);
    CHECK(plain_number("n/d") == "n/d");
    CHECK(serial_moment(1, true, false) == "1900-01-01");
    CHECK(serial_moment(61, true, false) == "1900-03-01");
    CHECK(serial_moment(2958465, true, false) == "9999-12-31");
    CHECK(serial_moment(45351.5, true, false) == "2024-02-29 12:00:00");
}
