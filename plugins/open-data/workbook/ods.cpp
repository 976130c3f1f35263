#include "plugins/open-data/ingest/source.hpp"
#include "plugins/open-data/workbook/book.hpp"
#include "plugins/open-data/workbook/cell_values.hpp"
#include "plugins/open-data/workbook/xml_part.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <set>

namespace open_data::workbook {
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

void refuse_locked(const std::filesystem::path& path) {
    const auto names = zip_names(path);
    if (std::find(names.begin(), names.end(), "META-INF/manifest.xml") == names.end()) return;
    XmlPart manifest(path, "META-INF/manifest.xml");
    while (manifest.read()) {
        if (manifest.begins() && manifest.name() == "encryption-data")
            throw concejo::Error(
                concejo::ErrorKind::invalid,
                concejo::N_("la hoja de cálculo tiene contraseña: guárdela sin ella y vuelva a subirla"));
    }
}

class OdsBook : public Book {
public:
    explicit OdsBook(const std::filesystem::path& path) : xml_(path, "content.xml") {}

    std::string_view container() const override { return "ods"; }

    std::optional<std::string> next_sheet() override {
        if (unread_) xml_.skip();
        unread_ = false;
        while (xml_.read()) {
            if (!xml_.begins()) continue;
            if (xml_.name() == "style") style_ = xml_.attribute("name");
            if (xml_.name() == "table-properties" && xml_.attribute("display") == "false")
                hidden_styles_.insert(style_);
            if (xml_.name() != "table") continue;
            unread_ = true;
            hidden_ = hidden_styles_.contains(xml_.attribute("style-name"));
            return xml_.attribute("name");
        }
        return std::nullopt;
    }

    bool hidden() const override { return hidden_; }

    void read_rows(RowWriter& rows) override {
        std::uint64_t line = 1;
        unread_ = false;
        xml_.inside([&] {
            if (!xml_.begins() || xml_.name() != "table-row") return;
            const auto times = std::min(repeats(xml_.attribute("number-rows-repeated")), most_rows);
            read_row(rows);
            rows.give(line, times);
            line += times;
        });
    }

private:
    static constexpr std::size_t most_rows = std::size_t{1} << 32;

    void read_row(RowWriter& rows) {
        std::size_t column = 0;
        xml_.inside([&] {
            if (!xml_.begins() || (xml_.name() != "table-cell" && xml_.name() != "covered-table-cell"))
                return;
            const auto times = repeats(xml_.attribute("number-columns-repeated"));
            const auto value = read_cell();
            for (std::size_t i = 0; !value.empty() && i < std::min(times, ingest::max_columns + 1); ++i)
                rows.put(column + i, value);
            column = column + std::min(times, std::size_t{1} << 20);
        });
    }

    std::string read_cell() {
        const auto type = xml_.attribute("value-type");
        std::string value;
        if (type == "float" || type == "percentage" || type == "currency")
            value = plain_number(xml_.attribute("value"));
        if (type == "date") value = xml_.attribute("date-value");
        if (type == "time") value = clock_of(xml_.attribute("time-value"));
        if (type == "boolean") value = xml_.attribute("boolean-value");
        if (type == "string") value = xml_.attribute("string-value");
        const bool error = xml_.attribute("calcext:value-type") == "error";
        const auto text = read_text();
        return error ? std::string() : value.empty() ? text : value;
    }

    /// Paragraphs, a line each; comments of the cell and pictures aside.
    std::string read_text() {
        std::string out;
        xml_.inside([&] {
            if (!xml_.begins()) return;
            if (xml_.name() == "annotation" || xml_.name() == "frame") return xml_.skip();
            if (xml_.name() != "p") return;
            if (!out.empty()) out += '\n';
            read_paragraph(out);
        });
        return out;
    }

    void read_paragraph(std::string& out) {
        xml_.inside([&] {
            if (xml_.is_text()) {
                out += xml_.text();
            } else if (!xml_.begins()) {
                return;
            } else if (xml_.name() == "annotation" || xml_.name() == "ruby-text") {
                xml_.skip();
            } else if (xml_.name() == "s") {
                out.append(std::min(repeats(xml_.attribute("c")), std::size_t{1000}), ' ');
            } else if (xml_.name() == "tab") {
                out += '\t';
            } else if (xml_.name() == "line-break") {
                out += '\n';
            }
        });
    }

    XmlPart xml_;
    std::string style_;
    std::set<std::string> hidden_styles_;
    bool unread_ = false, hidden_ = false;
};

}  // namespace

std::unique_ptr<Book> open_ods(const std::filesystem::path& path) {
    refuse_locked(path);
    return std::make_unique<OdsBook>(path);
}

}  // namespace open_data::workbook
