// Files that are small and mean to be large, wide or deep, and files that are broken: read within their
// limits, or refused with a reason.
#include "plugins/open-data/workbook/test_support.hpp"
#include "plugins/open-data/workbook/xml_part.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <random>

namespace {

using namespace open_data::workbook;
using namespace open_data::workbook::testing;
using Catch::Matchers::Contains;

/// An archive whose only large part is `bytes` of one letter, written piece by piece.
std::string bomb(const Parts& parts, const std::string& large, std::size_t bytes, const std::string& before,
                 const std::string& after) {
    Archive archive(bytes / 500 + (4 << 20));
    for (const auto& [name, text] : parts) archive.begin(name, text.size()), archive.write(text);
    archive.begin(large, before.size() + bytes + after.size());
    archive.write(before);
    const std::string piece(1 << 20, ' ');
    for (std::size_t left = bytes; left > 0; left -= std::min(left, piece.size()))
        archive.write(piece.substr(0, std::min(left, piece.size())));
    archive.write(after);
    return archive.finish();
}

long resident_peak() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;  // MiB
}

void put_number(std::string& bytes, std::size_t at, std::uint32_t number) {
    for (std::size_t i = 0; i < 4; ++i) bytes.at(at + i) = static_cast<char>(number >> 8U * i & 0xFFU);
}

/// The archive with every file said to be of that many bytes, packed or not, in both places where zip says
/// it.
std::string with_sizes(std::string zip, std::uint32_t packed, std::uint32_t unpacked) {
    for (const auto& [mark, where] : {std::pair("PK\x03\x04", std::size_t{18}), {"PK\x01\x02", 20}}) {
        for (auto at = zip.find(mark); at != std::string::npos; at = zip.find(mark, at + 4)) {
            if (packed) put_number(zip, at + where, packed);
            put_number(zip, at + where + 4, unpacked);
        }
    }
    return zip;
}

/// Some bytes changed, a piece lost, or one twice.
std::string spoilt(std::string bytes, std::mt19937& random) {
    const auto below = [&](std::size_t most) {
        return static_cast<std::size_t>(random() % std::max<std::size_t>(most, 1));
    };
    const auto at = below(bytes.size()), length = below(bytes.size() - at) % 64;
    switch (random() % 4) {
        case 0:
            return bytes.erase(at, length);
        case 1:
            return bytes.insert(at, bytes.substr(below(bytes.size()), length));
        case 2:
            bytes.resize(at);
            return bytes;
        default:
            for (auto n = random() % 8 + 1; n > 0; --n)
                bytes[below(bytes.size())] = static_cast<char>(random());
            return bytes;
    }
}

const std::string text_cell =
    R"(<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>)";

}  // namespace

TEST_CASE("a sheet of gigabytes in a zip of megabytes is refused before it is unpacked whole") {
    const auto bytes = bomb({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}}, "content.xml",
                            std::size_t{3} << 30, ods_begin, ods_end);
    REQUIRE(bytes.size() < (8u << 20));
    const auto before_peak = resident_peak();
    CHECK_THAT(refusal(bytes), Contains("demasiado grande (content.xml)"));
    CHECK(resident_peak() - before_peak < 100);
}

TEST_CASE("rows and cells that a sheet says are repeated a million times are not made") {
    const std::string many =
        R"(<table:table-cell table:number-columns-repeated="2000000000" office:value-type="string"><text:p>x</text:p></table:table-cell>)";
    const auto before_peak = resident_peak();
    CHECK_THAT(stream_of(ods("<table:table-row>" + text_cell + "</table:table-row><table:table-row>" + many +
                             "</table:table-row>")),
               Contains("2 too_many_columns"));
    CHECK_THAT(refusal(ods("<table:table-row>" + text_cell +
                           "</table:table-row><table:table-row table:number-rows-repeated=\"2000000000\">" +
                           text_cell + "</table:table-row>")),
               Contains("demasiado grande (Datos)"));
    CHECK(resident_peak() - before_peak < 400);
}

TEST_CASE("a text that a million cells share is told to be too much") {
    auto parts = xlsx_parts("");
    parts.back().second = "<sst " + xlsx_ns + "><si><t>" + std::string(100'000, 'x') + "</t></si></sst>";
    std::string rows;
    for (int n = 0; n < 30'000; ++n) rows += R"(<row><c t="s"><v>0</v></c></row>)";
    parts.front().second = "<worksheet " + xlsx_ns + "><sheetData>" + rows + "</sheetData></worksheet>";
    CHECK_THAT(refusal(zipped(parts)), Contains("demasiado grande (Datos)"));
}

TEST_CASE("texts of hundreds of megabytes wait on disk, within their limit") {
    Parts parts = xlsx_parts(R"(<row><c t="s"><v>0</v></c></row><row><c t="s"><v>3000</v></c></row>)");
    parts.back() = {"x", ""};
    const auto of = [&](int count) {
        Archive archive(64 << 20);
        for (const auto& [name, text] : parts) archive.begin(name, text.size()), archive.write(text);
        std::mt19937 random(1);
        std::string text(100'000, 'x'), begin = "<sst " + xlsx_ns + ">", end = "</sst>";
        const auto one = [&](int n) {
            return "<si><t>" + std::string(8 - std::to_string(n).size(), '0') + std::to_string(n) + text +
                   "</t></si>";
        };
        archive.begin("xl/sharedStrings.xml",
                      begin.size() + static_cast<std::size_t>(count) * one(0).size() + end.size());
        archive.write(begin);
        for (int n = 0; n < count; ++n) archive.write(one(n));
        archive.write(end);
        return archive.finish();
    };
    const auto before_peak = resident_peak();
    CHECK_THAT(stream_of(of(4000)), Contains("\x1F"
                                             "00003000xxx"));
    CHECK(resident_peak() - before_peak < 200);
    CHECK_THAT(refusal(of(6000)), Contains("demasiado grande (xl/sharedStrings.xml)"));
}

TEST_CASE("workbooks that mean harm are refused, and it is said why") {
    CHECK_THAT(refusal(xlsx(xlsx_header, "<!DOCTYPE worksheet [<!ENTITY a \"b\">]>")), Contains("entidades"));
    CHECK_THAT(refusal(xlsx("&lol;", R"(<!DOCTYPE w [<!ENTITY ha "ha"><!ENTITY lol "&ha;&ha;&ha;&ha;">]>)")),
               Contains("entidades"));
    CHECK_THAT(refusal(xlsx(std::string(300 << 20, ' '))), Contains("demasiado grande"));
    CHECK_THAT(refusal(xlsx("<row><c>")), Contains("dañada (xl/worksheets/sheet2.xml)"));
    CHECK_THAT(refusal(zipped({{"a.txt", "a"}})), Contains("archivo comprimido"));
    CHECK_THAT(refusal(std::string("PK\x03\x04", 4) + std::string(1000, 'x')), Contains("dañada (zip)"));
    const auto book = xlsx(xlsx_header);
    CHECK_THAT(refusal(book.substr(0, book.size() / 2)), Contains("dañada (zip)"));
    auto spoilt_data = book;
    // in the data of the first part: behind a header of 30 bytes, a name and what else is said of it
    const auto data = 30u + static_cast<unsigned char>(book[26]) + static_cast<unsigned char>(book[28]) + 20u;
    spoilt_data[data] = static_cast<char>(spoilt_data[data] ^ 0x55);
    CHECK_THAT(refusal(spoilt_data), Contains("dañada"));
    CHECK_THAT(
        refusal(zipped({{"content.xml", "no XML"}, {"META-INF/manifest.xml", "<m><encryption-data/></m>"}})),
        Contains("contraseña"));
}

TEST_CASE("sizes that an archive only says are not believed") {
    const auto before_peak = resident_peak();
    for (const auto& book : {xlsx(xlsx_header + R"(<row r="4"><c t="str"><v>x</v></c></row>)"),
                             ods("<table:table-row>" + text_cell + "</table:table-row>")}) {
        for (const std::uint32_t size : {0x7FFFFFFFU, 0xFFFFFFFEU, 0xFFFFFFFFU, 0U}) {
            (void)refusal(with_sizes(book, 0, size));
            (void)refusal(with_sizes(book, size, size));
        }
    }
    CHECK(resident_peak() - before_peak < 100);
}

TEST_CASE("archives inside archives, and of thousands of parts, are no sheets") {
    Parts parts;
    for (int n = 0; n < 20'000; ++n) parts.emplace_back("p" + std::to_string(n), "");
    CHECK_FALSE(refusal(bomb(parts, "x", 0, "", "")).empty());
    const auto inner = bomb({}, "content.xml", 64 << 20, "", "");
    CHECK_FALSE(refusal(bomb({{"content.zip", inner}}, "y", 0, "", "")).empty());
}

TEST_CASE("whatever happens to an archive or to a part of it, there are rows or a reason") {
    std::mt19937 random(20261126);
    const auto parts = xlsx_parts(
        xlsx_header +
        R"(<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" s="5"><v>1234.5</v></c><c r="C4" s="1"><v>45351</v></c></row>)");
    const auto book = zipped(parts);
    const auto sheet = ods(
        R"(<table:table-row table:number-rows-repeated="3">)" + text_cell +
        R"(<table:table-cell office:value-type="time" office:time-value="PT10H30M05S"/></table:table-row>)");
    int read = 0, refused = 0;
    const auto count = [&](const std::string& bytes) { ++(refusal(bytes).empty() ? read : refused); };
    for (int n = 0; n < 1500; ++n) {
        count(spoilt(book, random));
        count(spoilt(sheet, random));
        auto changed = parts;
        auto& part = changed[random() % changed.size()].second;
        part = spoilt(part, random);
        count(zipped(changed));
    }
    CHECK(read > 100);
    CHECK(refused > 100);
}
