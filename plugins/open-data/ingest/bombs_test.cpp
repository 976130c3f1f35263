// Files that are small and mean to be large, wide or deep: read within their limits, or refused with a
// reason.
#include "plugins/open-data/ingest/source.hpp"
#include "plugins/open-data/ingest/test_support.hpp"
#include "plugins/open-data/ingest/xml_part.hpp"

#include <concejo/error.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <catch2/catch.hpp>

#include <sys/resource.h>

namespace {

using namespace open_data::ingest;

/// An archive whose only large part is `bytes` of one letter, written piece by piece.
std::string bomb(const std::vector<std::pair<std::string, std::string>>& parts, const std::string& large,
                 std::size_t bytes, const std::string& before, const std::string& after) {
    std::string out(bytes / 500 + (4 << 20), '\0');
    std::size_t used = 0;
    archive* zip = archive_write_new();
    archive_write_set_format_zip(zip);
    archive_write_open_memory(zip, out.data(), out.size(), &used);
    const auto begin = [&](const std::string& name, std::size_t size) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str()),
            archive_entry_set_size(entry, static_cast<la_int64_t>(size));
        archive_entry_set_filetype(entry, AE_IFREG), archive_entry_set_perm(entry, 0644);
        archive_write_header(zip, entry);
        archive_entry_free(entry);
    };
    for (const auto& [name, text] : parts)
        begin(name, text.size()), archive_write_data(zip, text.data(), text.size());
    begin(large, before.size() + bytes + after.size());
    archive_write_data(zip, before.data(), before.size());
    const std::string piece(1 << 20, ' ');
    for (std::size_t left = bytes; left > 0;)
        left -= static_cast<std::size_t>(archive_write_data(zip, piece.data(), std::min(left, piece.size())));
    archive_write_data(zip, after.data(), after.size());
    archive_write_close(zip);
    archive_write_free(zip);
    out.resize(used);
    return out;
}

/// What is said of it; empty where it was read.
std::string refusal(std::string bytes) {
    try {
        testing::read_bytes(std::move(bytes));
        return {};
    } catch (const concejo::Error& error) {
        return error.what();
    }
}

long resident_peak() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;  // MiB
}

}  // namespace

TEST_CASE("a sheet of gigabytes in a zip of megabytes is refused before it is unpacked whole") {
    const std::vector<std::pair<std::string, std::string>> parts{
        {"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}};
    const std::string before =
        R"(<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">)";
    const auto bytes = bomb(parts, "content.xml", std::size_t{3} << 30, before, "</office:document-content>");
    REQUIRE(bytes.size() < (8u << 20));
    const auto before_peak = resident_peak();
    CHECK_FALSE(refusal(bytes).empty());
    CHECK(resident_peak() - before_peak < 200);
}

TEST_CASE("rows and cells that a sheet says are repeated a million times are not made") {
    const auto ods = [](const std::string& rows) {
        return bomb(
            {}, "content.xml", 0,
            R"(<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" )"
            R"(xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="a">)" +
                rows,
            "</table:table></office:spreadsheet></office:body></office:document-content>");
    };
    const std::string cell =
        R"(<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>)";
    const std::string many =
        R"(<table:table-cell table:number-columns-repeated="2000000000" office:value-type="string"><text:p>x</text:p></table:table-cell>)";
    const auto before_peak = resident_peak();
    (void)refusal(ods("<table:table-row>" + cell + cell + "</table:table-row><table:table-row>" + many +
                      "</table:table-row>"));
    const auto told =
        refusal(ods("<table:table-row>" + cell +
                    "</table:table-row><table:table-row table:number-rows-repeated=\"2000000000\">" + cell +
                    "</table:table-row>"));
    CHECK(told.find("demasiado grande") != std::string::npos);
    CHECK(resident_peak() - before_peak < 400);
}

TEST_CASE("tens of thousands of columns are told to be too many") {
    std::string header = "a", row = "1", object = "[{";
    for (int n = 0; n < 50'000; ++n)
        header += ";c" + std::to_string(n), row += ";1", object += "\"k" + std::to_string(n) + "\":1,";
    CHECK(refusal(header + "\n" + row + "\n" + row + "\n").find("2000") != std::string::npos);
    CHECK(refusal(object + "\"z\":1}]").find("2000") != std::string::npos);
}

TEST_CASE("a line without an end, a quote that is never closed, JSON of a million levels") {
    const auto before_peak = resident_peak();
    const auto endless = testing::read_bytes("a;b\n1;2\n" + std::string(40 << 20, 'x') + "\n3;4\n");
    CHECK(endless.rows.size() == 2);
    CHECK(endless.report.rejected == 1);
    const auto open = testing::read_bytes("a;b\n1;2\n\"" + std::string(20 << 20, 'x') + "\n3;4\n");
    CHECK(open.report.rejected >= 1);
    const std::string deep(1 << 20, '[');
    (void)refusal(deep);
    (void)refusal("[{\"a\":" + deep + "1" + std::string(1 << 20, ']') + "}]");
    (void)refusal("{\"a\":" + std::string(1 << 20, '{'));
    CHECK(resident_peak() - before_peak < 600);
}

TEST_CASE("archives inside archives, and of thousands of parts, are no sheets") {
    std::vector<std::pair<std::string, std::string>> parts;
    for (int n = 0; n < 20'000; ++n) parts.emplace_back("p" + std::to_string(n), "");
    CHECK_FALSE(refusal(bomb(parts, "x", 0, "", "")).empty());
    const auto inner = bomb({}, "content.xml", 64 << 20, "", "");
    CHECK_FALSE(refusal(bomb({{"content.zip", inner}}, "y", 0, "", "")).empty());
}
