// Workbooks made by libarchive, and what is read of them.
#pragma once

#include "plugins/open-data/ingest/sheet_stream.hpp"
#include "plugins/open-data/ingest/test_support.hpp"
#include "plugins/open-data/workbook/book.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace open_data::workbook::testing {

using Parts = std::vector<std::pair<std::string, std::string>>;

class Archive {
public:
    /// `most`: bytes that it may become.
    explicit Archive(std::size_t most) : out_(most, '\0'), zip_(archive_write_new()) {
        archive_write_set_format_zip(zip_);
        archive_write_open_memory(zip_, out_.data(), out_.size(), &used_);
    }
    void begin(const std::string& name, std::size_t size) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(size));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(zip_, entry);
        archive_entry_free(entry);
    }
    void write(const std::string& bytes) { archive_write_data(zip_, bytes.data(), bytes.size()); }
    std::string finish() {
        archive_write_close(zip_);
        archive_write_free(zip_);
        out_.resize(used_);
        return std::move(out_);
    }

private:
    std::string out_;
    std::size_t used_ = 0;
    archive* zip_;
};

inline std::string zipped(const Parts& parts) {
    std::size_t size = 1 << 20;
    for (const auto& [name, text] : parts) size += text.size() + 1024;
    Archive archive(size);
    for (const auto& [name, text] : parts) archive.begin(name, text.size()), archive.write(text);
    return archive.finish();
}

/// A file with this content that is gone at the end.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& bytes)
        : path_((std::filesystem::temp_directory_path() / "concejo-libro-XXXXXX").string()) {
        ::close(::mkstemp(path_.data()));
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

inline std::string stream_of(const std::string& bytes, const std::string& sheet = {}) {
    const TemporaryFile file(bytes);
    std::ostringstream out;
    write_rows(file.path(), sheet, out);
    return std::move(out).str();
}

inline ingest::testing::Outcome read_book(const std::string& bytes, const std::string& sheet = {}) {
    const auto source = ingest::make_sheet(ingest::Bytes(stream_of(bytes, sheet)));
    return ingest::testing::read_by(*source, ingest::understand(*source));
}

/// What is said of it; empty where it was read.
inline std::string refusal(const std::string& bytes, const std::string& sheet = {}) {
    try {
        read_book(bytes, sheet);
        return {};
    } catch (const concejo::Error& error) {
        return error.what();
    }
}

inline const std::string xlsx_ns = R"(xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main")";
inline const std::string ods_begin =
    R"(<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" )"
    R"(xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" )"
    R"(xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>)";
inline const std::string ods_end = "</office:spreadsheet></office:body></office:document-content>";

/// A workbook with an empty sheet "Portada" and one "Datos" with these rows. `prologue`: before its XML.
inline Parts xlsx_parts(const std::string& rows, const std::string& prologue = "") {
    return {
        {"xl/worksheets/sheet2.xml",
         prologue + "<worksheet " + xlsx_ns + "><sheetData>" + rows + "</sheetData></worksheet>"},
        {"xl/worksheets/sheet1.xml", "<worksheet " + xlsx_ns + "><sheetData/></worksheet>"},
        {"xl/workbook.xml",
         "<workbook " + xlsx_ns +
             R"( xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>)"
             R"(<sheet name="Portada" sheetId="7" r:id="rId1"/><sheet name="Datos" sheetId="8" r:id="rId2"/>)"
             "</sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>)"
         R"(<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>)"},
        {"xl/styles.xml",
         "<styleSheet " + xlsx_ns +
             R"(><numFmts><numFmt numFmtId="164" formatCode="[Red]dd\-mm\-yyyy;@"/>)"
             R"(<numFmt numFmtId="165" formatCode="#,##0.00 &quot;días&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>)"
             R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="22"/>)"
             R"(<xf numFmtId="20"/><xf numFmtId="165"/></cellXfs></styleSheet>)"},
        {"xl/sharedStrings.xml",
         "<sst " + xlsx_ns +
             "><si><t>objeto</t></si><si><r><t>Pe</t></r><r><t>ñón</t></r><rPh><t>no</t></rPh></si>"
             "<si><t/></si></sst>"},
    };
}
inline std::string xlsx(const std::string& rows, const std::string& prologue = "") {
    return zipped(xlsx_parts(rows, prologue));
}

/// Likewise: its first sheet is as large as one can be, and empty.
inline std::string ods(const std::string& rows) {
    return zipped(
        {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
         {"content.xml",
          ods_begin +
              R"(<table:table table:name="Vacía"><table:table-row table:number-rows-repeated="1048576">)"
              R"(<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>)"
              R"(<table:table table:name="Datos">)" +
              rows + "</table:table>" + ods_end}});
}

inline const std::string xlsx_header =
    R"(<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="inlineStr"><is><t>importe</t></is></c>)"
    R"(<c r="C3" t="str"><v>fecha</v></c><c r="D3" t="str"><v>momento</v></c>)"
    R"(<c r="E3" t="str"><v>hora</v></c><c r="F3" t="str"><v>activo</v></c></row>)";

}  // namespace open_data::workbook::testing
