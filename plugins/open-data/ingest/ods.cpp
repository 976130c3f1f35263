#include "plugins/open-data/ingest/workbook.hpp"

#include <concejo/error.hpp>

#include <charconv>
#include <cstdio>

namespace open_data::ingest {
namespace {

std::size_t repeats(const std::string& text) {
    std::size_t value = 1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value ? value : 1;
}

/// "PT10H30M05S" as "10:30:05"; what is no such duration as it is.
std::string clock_of(const std::string& duration) {
    int hour = 0, minute = 0;
    double second = 0;
    if (std::sscanf(duration.c_str(), "PT%dH%dM%lfS", &hour, &minute, &second) != 3) return duration;
    char text[40];
    std::snprintf(text, sizeof text, "%02d:%02d:%02d", hour, minute, static_cast<int>(second));
    return text;
}

class OdsCursor : public SheetCursor {
public:
    /// The sheet of that name; empty: the first.
    OdsCursor(std::string_view zip, std::string sheet) : SheetCursor(zip), xml_(zip, "content.xml"), sheet_(std::move(sheet)) {}

    /// To the next sheet; its name, or nothing at the end.
    std::string next_sheet() {
        while (xml_.read()) {
            if (xml_.begins() && xml_.name() == "table" && !xml_.is_empty()) {
                inside_ = xml_.depth();
                return xml_.attribute("name");
            }
        }
        return {};
    }

    bool next(Row& row) override {
        while (inside_ < 0) {
            const auto name = next_sheet();
            if (name.empty() && inside_ < 0) return false;
            if (!sheet_.empty() && name != sheet_) xml_.skip(), inside_ = -1;
        }
        if (again_) return --again_, give(row, ++line_), true;
        while (!ended_ && xml_.read()) {
            ended_ = xml_.ends() && xml_.depth() == inside_;
            if (!xml_.begins() || xml_.name() != "table-row") continue;
            const auto times = repeats(xml_.attribute("number-rows-repeated"));
            clear();
            filled_ = false;
            read_row();
            if (!filled_) {
                line_ += times;
                continue;
            }
            again_ = times - 1;
            give(row, ++line_);
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
            if (!xml_.begins() || (xml_.name() != "table-cell" && xml_.name() != "covered-table-cell"))
                continue;
            const auto times = repeats(xml_.attribute("number-columns-repeated"));
            const auto value = read_cell();
            filled_ = filled_ || !value.empty();
            for (std::size_t i = 0; !value.empty() && i < std::min(times, max_columns + 1); ++i)
                put(column + i, value);
            column = std::min(column + times, std::size_t{1} << 20);
        }
    }

    std::string read_cell() {
        const auto type = xml_.attribute("value-type");
        std::string value;
        if (type == "float" || type == "percentage" || type == "currency")
            value = plain_number(xml_.attribute("value"));
        if (type == "date") value = xml_.attribute("date-value");
        if (type == "time") value = clock_of(xml_.attribute("time-value"));
        if (type == "boolean") value = xml_.attribute("boolean-value");
        const auto text = read_text();
        return value.empty() ? text : value;
    }

    /// Paragraphs, a line each; comments of the cell aside.
    std::string read_text() {
        const int outer = xml_.depth();
        std::string out;
        if (xml_.is_empty()) return out;
        while (xml_.read() && !(xml_.ends() && xml_.depth() == outer)) {
            const auto element = xml_.name();
            if (xml_.begins() && element == "annotation") {
                xml_.skip();
            } else if (xml_.begins() && element == "p") {
                if (!out.empty()) out += '\n';
            } else if (xml_.begins() && (element == "s" || element == "tab")) {
                out.append(std::min(repeats(xml_.attribute("c")), std::size_t{1000}), ' ');
            } else if (xml_.begins() && element == "line-break") {
                out += '\n';
            } else if (xml_.is_text()) {
                out += xml_.text();
            }
        }
        return out;
    }

    XmlPart xml_;
    std::string sheet_;
    int inside_ = -1;  // depth of the sheet
    bool ended_ = false, filled_ = false;
    std::size_t again_ = 0;  // times that the row comes once more
    std::uint64_t line_ = 0;
};

class Ods : public Source {
public:
    explicit Ods(Bytes bytes) : bytes_(std::move(bytes)) {}

    void describe(Recipe& recipe) const override {
        recipe.container = "ods";
        std::vector<std::string> sheets;
        OdsCursor names(bytes_.view(), {});
        for (auto name = names.next_sheet(); !name.empty(); name = names.next_sheet()) sheets.push_back(name);
        for (const auto& sheet : sheets) {
            if (recipe.sheet.empty()) recipe.sheet = sheet;
            Row row;
            if (!OdsCursor(bytes_.view(), sheet).next(row)) continue;
            recipe.sheet = sheet;
            return;
        }
    }

    std::unique_ptr<Cursor> open(const Recipe& recipe) const override {
        return std::make_unique<OdsCursor>(bytes_.view(), recipe.sheet);
    }

private:
    Bytes bytes_;
};

}  // namespace

std::unique_ptr<Source> make_ods(Bytes bytes) { return std::make_unique<Ods>(std::move(bytes)); }

}  // namespace open_data::ingest
