#include "plugins/open-data/ingest/workbook.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <charconv>
#include <map>

namespace open_data::ingest {
namespace {

constexpr std::size_t max_shared = std::size_t{512} << 20;

enum class Shows { number, date, time, both };

Shows shows(std::string_view code) {
    bool quoted = false, bracket = false, date = false, time = false, month = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = static_cast<char>(code[i] | 0x20);
        if (code[i] == '\\' || code[i] == '_') {
            ++i;
        } else if (code[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && code[i] == ';') {
            break;  // the format of negative numbers
        } else if (!quoted && (code[i] == '[' || code[i] == ']')) {
            bracket = code[i] == '[';
            const char next = i + 1 < code.size() ? static_cast<char>(code[i + 1] | 0x20) : ' ';
            const char after = i + 2 < code.size() ? static_cast<char>(code[i + 2] | 0x20) : ' ';
            // "[h]" is a duration, no time of a day; "[Red]" a colour.
            if (bracket && (next == 'h' || next == 'm' || next == 's') &&
                (after == ']' + 0x20 || after == ']' || after == next))
                return Shows::number;
        } else if (!quoted && !bracket) {
            date = date || c == 'y' || c == 'd';
            time = time || c == 'h' || c == 's';
            month = month || c == 'm';
        }
    }
    if (code.starts_with("General") || code.starts_with("@")) return Shows::number;
    date = date || (month && !time);
    if (date) return time ? Shows::both : Shows::date;
    return time ? Shows::time : Shows::number;
}

/// ECMA-376, part 1, 18.8.30.
Shows built_in(int format) {
    if ((format >= 14 && format <= 17) || (format >= 27 && format <= 31) || (format >= 50 && format <= 58))
        return Shows::date;
    if (format == 22) return Shows::both;
    return (format >= 18 && format <= 21) || format == 45 || format == 47 ? Shows::time : Shows::number;
}

struct Book {
    std::vector<std::pair<std::string, std::string>> sheets;  // name, part
    std::vector<Shows> styles;
    bool from_1904 = false;
    std::string shared;  // all shared strings, one behind the other
    std::vector<std::size_t> shared_ends;

    std::string_view shared_string(std::size_t i) const {
        if (i >= shared_ends.size()) return {};
        const auto begin = i ? shared_ends[i - 1] : 0;
        return std::string_view(shared).substr(begin, shared_ends[i] - begin);
    }
};

std::size_t to_size(std::string_view text, std::size_t otherwise) {
    std::size_t value = 0;
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc() ? value
                                                                                            : otherwise;
}

/// The texts of a string, phonetic readings aside, from the beginning of its element to its end.
void collect_text(XmlPart& xml, std::string& out) {
    const int outer = xml.depth();
    if (xml.is_empty()) return;
    bool wanted = false;
    while (xml.read() && !(xml.ends() && xml.depth() == outer)) {
        if (xml.begins() && xml.name() == "rPh") {
            xml.skip();
        } else if (xml.begins() || xml.ends()) {
            wanted = xml.begins() && xml.name() == "t";
        } else if (xml.is_text() && wanted) {
            out += xml.text();
        }
    }
}

void read_styles(std::string_view zip, const std::string& part, Book& book) {
    XmlPart xml(zip, part);
    std::map<int, Shows> formats;
    bool cells = false;
    while (xml.read()) {
        const auto element = xml.name();
        if (element == "cellXfs") cells = xml.begins() && !xml.is_empty();
        if (!xml.begins()) continue;
        if (element == "numFmt")
            formats[static_cast<int>(to_size(xml.attribute("numFmtId"), 0))] =
                shows(xml.attribute("formatCode"));
        if (element != "xf" || !cells) continue;
        const int format = static_cast<int>(to_size(xml.attribute("numFmtId"), 0));
        book.styles.push_back(formats.contains(format) ? formats[format] : built_in(format));
    }
}

void read_shared(std::string_view zip, const std::string& part, Book& book) {
    XmlPart xml(zip, part);
    while (xml.read()) {
        if (!xml.begins() || xml.name() != "si") continue;
        collect_text(xml, book.shared);
        book.shared_ends.push_back(book.shared.size());
        if (book.shared.size() + book.shared_ends.size() * sizeof(std::size_t) > max_shared)
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 concejo::N_("los textos de la hoja de cálculo pasan de 512 MiB"));
    }
}

void read_sheets(std::string_view zip, Book& book) {
    std::map<std::string, std::string> parts;
    XmlPart relations(zip, "xl/_rels/workbook.xml.rels");
    while (relations.read()) {
        if (!relations.begins() || relations.name() != "Relationship") continue;
        const auto target = relations.attribute("Target");
        parts[relations.attribute("Id")] = target.starts_with("/") ? target.substr(1) : "xl/" + target;
    }
    XmlPart workbook(zip, "xl/workbook.xml");
    while (workbook.read()) {
        if (!workbook.begins()) continue;
        if (workbook.name() == "workbookPr") {
            const auto value = workbook.attribute("date1904");
            book.from_1904 = value == "1" || value == "true";
        }
        // "id" with the relationships' prefix; "sheetId" is another.
        if (workbook.name() == "sheet")
            book.sheets.emplace_back(workbook.attribute("name"), parts[workbook.attribute("id")]);
    }
}

class XlsxCursor : public SheetCursor {
public:
    XlsxCursor(std::string_view zip, const std::string& part, const Book& book)
        : SheetCursor(zip), xml_(zip, part), book_(book) {}

    bool next(Row& row) override {
        while (xml_.read()) {
            if (!xml_.begins() || xml_.name() != "row") continue;
            line_ = to_size(xml_.attribute("r"), line_ + 1);
            clear();
            read_row();
            give(row, line_);
            return true;
        }
        return false;
    }

private:
    void read_row() {
        const int outer = xml_.depth();
        std::size_t column = 0;
        if (xml_.is_empty()) return;
        while (xml_.read() && !(xml_.ends() && xml_.depth() == outer)) {
            if (!xml_.begins() || xml_.name() != "c") continue;
            column = place(xml_.attribute("r"), column);
            read_cell(column++);
        }
    }

    /// "AB12" is column 27.
    static std::size_t place(std::string_view reference, std::size_t otherwise) {
        std::size_t column = 0;
        for (const char c : reference) {
            if (c < 'A' || c > 'Z' || column > 20'000) break;
            column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
        }
        return column ? column - 1 : otherwise;
    }

    void read_cell(std::size_t column) {
        const auto type = xml_.attribute("t");
        const auto style = to_size(xml_.attribute("s"), 0);
        const int outer = xml_.depth();
        std::string value;
        if (xml_.is_empty()) return;
        bool wanted = false;
        while (xml_.read() && !(xml_.ends() && xml_.depth() == outer)) {
            if (xml_.begins() && xml_.name() == "is") {
                collect_text(xml_, value);
            } else if (xml_.begins() || xml_.ends()) {
                wanted = xml_.begins() && xml_.name() == "v";
            } else if (wanted && xml_.is_text()) {
                value += xml_.text();
            }
        }
        if (value.empty() || type == "e") return;
        if (type == "s") return put(column, book_.shared_string(to_size(value, book_.shared_ends.size())));
        if (type == "b") return put(column, value == "1" ? "true" : "false");
        if (type == "inlineStr" || type == "str" || type == "d") return put(column, value);
        put(column, number(value, style < book_.styles.size() ? book_.styles[style] : Shows::number));
    }

    std::string number(const std::string& stored, Shows shows) const {
        double serial = 0;
        const auto read = std::from_chars(stored.data(), stored.data() + stored.size(), serial);
        if (shows == Shows::number || read.ec != std::errc()) return plain_number(stored);
        const bool date = shows != Shows::time, time = shows != Shows::date;
        return serial_moment(serial + (book_.from_1904 && date ? 1462 : 0), date, time);
    }

    XmlPart xml_;
    const Book& book_;
    std::uint64_t line_ = 0;
};

class Xlsx : public Source {
public:
    explicit Xlsx(Bytes bytes) : bytes_(std::move(bytes)) {
        const auto zip = bytes_.view();
        read_sheets(zip, book_);
        for (const auto& part : zip_names(zip)) {
            if (part == "xl/styles.xml") read_styles(zip, part, book_);
            if (part == "xl/sharedStrings.xml") read_shared(zip, part, book_);
        }
    }

    void describe(Recipe& recipe) const override {
        recipe.container = "xlsx";
        for (const auto& [name, part] : book_.sheets) {
            if (recipe.sheet.empty()) recipe.sheet = name;
            Row row;
            XlsxCursor cursor(bytes_.view(), part, book_);
            while (cursor.next(row)) {
                if (row.cells.empty()) continue;
                recipe.sheet = name;
                return;
            }
        }
    }

    std::unique_ptr<Cursor> open(const Recipe& recipe) const override {
        for (const auto& [name, part] : book_.sheets) {
            if (recipe.sheet == name) return std::make_unique<XlsxCursor>(bytes_.view(), part, book_);
        }
        throw concejo::Error(concejo::ErrorKind::invalid,
                             concejo::fill(concejo::N_("no hay en el libro una hoja «{hoja}»"), {{"hoja", recipe.sheet}}));
    }

private:
    Bytes bytes_;
    Book book_;
};

}  // namespace

std::unique_ptr<Source> make_xlsx(Bytes bytes) { return std::make_unique<Xlsx>(std::move(bytes)); }

}  // namespace open_data::ingest
