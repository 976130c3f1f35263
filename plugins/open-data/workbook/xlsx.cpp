#include "plugins/open-data/workbook/book.hpp"
#include "plugins/open-data/workbook/cell_values.hpp"
#include "plugins/open-data/workbook/shared_texts.hpp"
#include "plugins/open-data/workbook/xml_part.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace open_data::workbook {
namespace {

constexpr std::uint64_t max_shared = std::uint64_t{512} << 20;  // bytes
constexpr const char *relations_part = "xl/_rels/workbook.xml.rels", *book_part = "xl/workbook.xml",
                     *styles_part = "xl/styles.xml", *shared_part = "xl/sharedStrings.xml";

std::size_t to_size(std::string_view text, std::size_t otherwise) {
    std::size_t value = 0;
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc() ? value
                                                                                            : otherwise;
}

/// "AB12" is column 27.
std::size_t column_of(std::string_view reference, std::size_t otherwise) {
    std::size_t column = 0;
    for (const char c : reference) {
        if (c < 'A' || c > 'Z' || column > 20'000) break;
        column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    }
    return column ? column - 1 : otherwise;
}

/// The texts of a string, phonetic readings aside.
std::string string_text(XmlPart& xml) {
    std::string text;
    xml.inside([&] {
        if (!xml.begins()) return;
        if (xml.name() == "rPh")
            xml.skip();
        else if (xml.name() == "t")
            xml.append_text(text);
    });
    return without_escapes(std::move(text));
}

class XlsxBook : public Book {
public:
    explicit XlsxBook(std::filesystem::path path) : path_(std::move(path)) { read_book(); }

    std::string_view container() const override { return "xlsx"; }

    std::optional<std::string> next_sheet() override {
        if (next_ == sheets_.size()) return std::nullopt;
        return sheets_[next_++].name;
    }

    bool hidden() const override { return sheets_[next_ - 1].hidden; }

    void read_rows(RowWriter& rows) override {
        if (!std::exchange(prepared_, true)) prepare();
        XmlPart xml(path_, sheets_[next_ - 1].part);
        std::uint64_t line = 0;
        while (xml.read()) {
            if (!xml.begins() || xml.name() != "row") continue;
            line = std::max<std::uint64_t>(to_size(xml.attribute("r"), line + 1), 1);
            read_row(xml, rows);
            rows.give(line);
        }
    }

private:
    struct Sheet {
        std::string name, part;
        bool hidden;
    };

    void read_book() {
        std::map<std::string, std::string> parts;
        XmlPart relations(path_, relations_part);
        while (relations.read()) {
            if (!relations.begins() || relations.name() != "Relationship") continue;
            const auto target = relations.attribute("Target");
            parts[relations.attribute("Id")] = target.starts_with("/") ? target.substr(1) : "xl/" + target;
        }
        XmlPart book(path_, book_part);
        while (book.read()) {
            if (!book.begins()) continue;
            if (book.name() == "workbookPr") {
                const auto value = book.attribute("date1904");
                from_1904_ = value == "1" || value == "true";
            }
            // "id" with the relationships' prefix; "sheetId" is another.
            if (book.name() == "sheet")
                sheets_.push_back({book.attribute("name"), parts[book.attribute("id")],
                                   book.attribute("state").find("idden") != std::string::npos});
        }
    }

    void prepare() {
        for (const auto& part : zip_names(path_)) {
            if (part == styles_part) read_styles();
            if (part == shared_part) read_shared();
        }
        shared_.seal();
    }

    void read_styles() {
        XmlPart xml(path_, styles_part);
        std::map<int, Shows> formats;
        bool cells = false;
        while (xml.read()) {
            if (xml.name() == "cellXfs") cells = xml.begins() && !xml.is_empty();
            if (!xml.begins()) continue;
            const int format = static_cast<int>(to_size(xml.attribute("numFmtId"), 0));
            if (xml.name() == "numFmt") formats[format] = shown_by(xml.attribute("formatCode"));
            if (xml.name() != "xf" || !cells) continue;
            styles_.push_back(formats.contains(format) ? formats[format] : shown_by(format));
        }
    }

    void read_shared() {
        XmlPart xml(path_, shared_part);
        while (xml.read()) {
            if (!xml.begins() || xml.name() != "si") continue;
            shared_.add(string_text(xml));
            if (shared_.size() > max_shared) refuse_part(too_large, shared_part);
        }
    }

    void read_row(XmlPart& xml, RowWriter& rows) {
        std::size_t column = 0;
        xml.inside([&] {
            if (!xml.begins() || xml.name() != "c") return;
            column = column_of(xml.attribute("r"), column);
            read_cell(xml, column++, rows);
        });
    }

    void read_cell(XmlPart& xml, std::size_t column, RowWriter& rows) {
        if (xml.is_empty()) return;
        const auto type = xml.attribute("t");
        const auto style = to_size(xml.attribute("s"), 0);
        std::string stored, text;
        xml.inside([&] {
            if (!xml.begins()) return;
            if (xml.name() == "is")
                text = string_text(xml);
            else if (xml.name() == "v")
                xml.append_text(stored);
        });
        if (type == "e") return;
        if (type == "s") return rows.put(column, shared_.text(to_size(stored, SIZE_MAX)));
        if (type == "b") return rows.put(column, stored.empty() ? "" : stored == "1" ? "true" : "false");
        if (type == "inlineStr") return rows.put(column, text.empty() ? stored : text);
        if (type == "str") return rows.put(column, without_escapes(std::move(stored)));
        rows.put(column, type == "d"
                             ? stored
                             : number(stored, style < styles_.size() ? styles_[style] : Shows::number));
    }

    std::string number(const std::string& stored, Shows shows) const {
        double serial = 0;
        const auto read = std::from_chars(stored.data(), stored.data() + stored.size(), serial);
        if (shows == Shows::number || read.ec != std::errc()) return plain_number(stored);
        const bool date = shows != Shows::time, time = shows != Shows::date;
        return serial_moment(serial + (from_1904_ && date ? 1462 : 0), date, time);
    }

    std::filesystem::path path_;
    std::vector<Sheet> sheets_;
    std::vector<Shows> styles_;
    SharedTexts shared_;
    std::size_t next_ = 0;
    bool from_1904_ = false, prepared_ = false;
};

}  // namespace

std::unique_ptr<Book> open_xlsx(const std::filesystem::path& path) {
    return std::make_unique<XlsxBook>(path);
}

}  // namespace open_data::workbook
