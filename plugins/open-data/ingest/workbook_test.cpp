// Workbooks whose parts are written here and zipped by libarchive.
#include "plugins/open-data/ingest/workbook.hpp"
#include "plugins/open-data/ingest/test_support.hpp"

#include <concejo/error.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <catch2/catch.hpp>

#include <cstring>

namespace {

using namespace open_data::ingest;
using SheetCells = std::vector<std::string>;
using Parts = std::vector<std::pair<std::string, std::string>>;

std::string zipped(const Parts& parts) {
    std::size_t size = 1 << 20, used = 0;
    for (const auto& [name, text] : parts) size += text.size() + 1024;
    std::string out(size, '\0');
    archive* zip = archive_write_new();
    archive_write_set_format_zip(zip);
    archive_write_open_memory(zip, out.data(), out.size(), &used);
    for (const auto& [name, text] : parts) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(zip, entry);
        archive_write_data(zip, text.data(), text.size());
        archive_entry_free(entry);
    }
    archive_write_close(zip);
    archive_write_free(zip);
    out.resize(used);
    return out;
}

const std::string main_ns = R"(xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main")";

/// A workbook with an empty sheet "Portada" and one "Datos" with these rows.
std::string xlsx(const std::string& rows, const std::string& prologue = "") {
    return zipped({
        {"xl/worksheets/sheet2.xml",
         prologue + "<worksheet " + main_ns + "><sheetData>" + rows + "</sheetData></worksheet>"},
        {"xl/worksheets/sheet1.xml", "<worksheet " + main_ns + "><sheetData/></worksheet>"},
        {"xl/workbook.xml",
         "<workbook " + main_ns +
             R"( xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>)"
             R"(<sheet name="Portada" sheetId="7" r:id="rId1"/><sheet name="Datos" sheetId="8" r:id="rId2"/>)"
             "</sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>)"
         R"(<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>)"},
        {"xl/styles.xml",
         "<styleSheet " + main_ns +
             R"(><numFmts><numFmt numFmtId="164" formatCode="[Red]dd\-mm\-yyyy;@"/>)"
             R"(<numFmt numFmtId="165" formatCode="#,##0.00 &quot;días&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>)"
             R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="22"/>)"
             R"(<xf numFmtId="20"/><xf numFmtId="165"/></cellXfs></styleSheet>)"},
        {"xl/sharedStrings.xml",
         "<sst " + main_ns +
             "><si><t>objeto</t></si><si><r><t>Pe</t></r><r><t>ñón</t></r><rPh><t>no</t></rPh></si>"
             "<si><t/></si></sst>"},
    });
}

std::string ods(const std::string& rows) {
    return zipped(
        {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
         {"content.xml",
          R"(<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" )"
          R"(xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">)"
          R"(<office:body><office:spreadsheet><table:table table:name="Vacía"><table:table-row table:number-rows-repeated="1048576">)"
          R"(<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>)"
          R"(<table:table table:name="Datos">)" +
              rows + "</table:table></office:spreadsheet></office:body></office:document-content>"}});
}

const std::string header_row =
    R"(<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="inlineStr"><is><t>importe</t></is></c>)"
    R"(<c r="C3" t="str"><v>fecha</v></c><c r="D3" t="str"><v>momento</v></c>)"
    R"(<c r="E3" t="str"><v>hora</v></c><c r="F3" t="str"><v>activo</v></c></row>)";

}  // namespace

TEST_CASE("a sheet of XLSX is read as what it shows") {
    const auto outcome = open_data::ingest::testing::read_bytes(xlsx(
        R"(<row r="1"><c r="A1" t="str"><v>Contratos</v></c></row>)" + header_row +
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
    const auto outcome = open_data::ingest::testing::read_bytes(ods(
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

TEST_CASE("workbooks that mean harm are refused") {
    const auto refused = [](const std::string& bytes) {
        CHECK_THROWS_AS(open_data::ingest::testing::read_bytes(bytes), concejo::Error);
    };
    refused(xlsx(header_row, "<!DOCTYPE worksheet [<!ENTITY a \"b\">]>"));
    refused(xlsx(std::string(300 << 20, ' ')));
    refused(xlsx("<row><c>"));
    refused(zipped({{"a.txt", "a"}}));
    refused(std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8));
    auto cut = xlsx(header_row);
    refused(cut.substr(0, cut.size() / 2));
}

TEST_CASE("numbers and days as sheets store them") {
    CHECK(plain_number("0.10000000000000001") == "0.1");
    CHECK(plain_number("1.5E+20") == "150000000000000000000");
    CHECK(plain_number("1E-7") == "0.0000001");
    CHECK(plain_number("n/d") == "n/d");
    CHECK(serial_moment(1, true, false) == "1900-01-01");
    CHECK(serial_moment(61, true, false) == "1900-03-01");
    CHECK(serial_moment(2958465, true, false) == "9999-12-31");
    CHECK(serial_moment(45351.5, true, false) == "2024-02-29 12:00:00");
}
