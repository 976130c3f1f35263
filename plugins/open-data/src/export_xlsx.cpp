// XLSX by libxlsxwriter, which keeps one row in memory. Every text is a text to whoever opens it, never a
// formula nor a link.
#include "export_writer.hpp"

#include "sql_names.hpp"

#include <xlsxwriter.h>

#include <charconv>

namespace open_data {
namespace {

constexpr lxw_row_t last_row = 1'048'575;          ///< of a sheet, from 0
constexpr std::size_t longest_cell_text = 32'760;  ///< UTF-16 units; a sheet takes 32,767
constexpr std::size_t exact_digits = 15;           ///< of a number in a sheet

void must(lxw_error error) {
    if (error != LXW_NO_ERROR)
        throw concejo::Error(concejo::ErrorKind::unavailable, std::string("xlsx: ") + lxw_strerror(error));
}

/// "_x0041_" is how a sheet writes characters that XML has none of: a text that looks like one is told apart.
std::string sheet_text(std::string_view text) {
    const auto hex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    std::string out;
    std::size_t units = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
        if (units > longest_cell_text) return out + "…";
        const bool escaped = text[i] == '_' && i + 6 < text.size() && text[i + 1] == 'x' &&
                             hex(text[i + 2]) && hex(text[i + 3]) && hex(text[i + 4]) && hex(text[i + 5]) &&
                             text[i + 6] == '_';
        const bool no_character = text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF";
        if (escaped)
            out += "_x005F_", units += 6;
        else if (no_character)
            i += 2;
        else
            out += text[i];
    }
    return out;
}

/// None: as a number of a sheet it would be another one.
std::optional<double> exact_number(std::string_view text) {
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == 'e' || c == 'E') break;
        if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) ++digits;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (digits > exact_digits || error != std::errc{} || end != text.data() + text.size() ||
        text.find_first_of("nNiI") != std::string_view::npos)
        return std::nullopt;
    return value;
}

int number_at(std::string_view text, std::size_t at, std::size_t size) {
    int value = -1;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
}

/// "2026-02-28", "10:30:00", "2026-02-28 10:30:00"; none for what a sheet has no day for: before March of
/// 1900, with a zone.
std::optional<lxw_datetime> moment_of(std::string_view text, std::string_view type) {
    lxw_datetime moment{};
    std::size_t at = 0;
    if (type != "time") {
        if (text.size() < 10 || text[4] != '-' || text[7] != '-' || text < "1900-03-01") return std::nullopt;
        moment.year = number_at(text, 0, 4), moment.month = number_at(text, 5, 2),
        moment.day = number_at(text, 8, 2), at = 10;
        if (type == "date") return text.size() == 10 ? std::optional(moment) : std::nullopt;
        ++at;
    }
    if (text.size() != at + 8 || text[at + 2] != ':' || text.substr(at, 2) == "24") return std::nullopt;
    moment.hour = number_at(text, at, 2), moment.min = number_at(text, at + 3, 2),
    moment.sec = number_at(text, at + 6, 2);
    return moment;
}

class XlsxWriter : public ExportWriter {
public:
    XlsxWriter(const ExportTable& table, Spool& spool)
        : fields_(table.fields), folder_(spool.path().substr(0, spool.path().rfind('/'))) {
        spool.finish();  // the library writes to its path
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE, options.tmpdir = folder_.data(), options.use_zip64 = LXW_TRUE;
        book_ = workbook_new_opt(spool.path().c_str(), &options);
        if (!book_) throw concejo::Error(concejo::ErrorKind::unavailable, "xlsx: workbook_new_opt");
        describe(table);
        bold_ = workbook_add_format(book_), date_ = workbook_add_format(book_),
        time_ = workbook_add_format(book_), instant_ = workbook_add_format(book_);
        format_set_bold(bold_);
        format_set_num_format(date_, "yyyy-mm-dd"), format_set_num_format(time_, "hh:mm:ss"),
            format_set_num_format(instant_, "yyyy-mm-dd hh:mm:ss");
        add_sheet();
    }
    ~XlsxWriter() override {
        if (book_) lxw_workbook_free(book_);
    }
    XlsxWriter(const XlsxWriter&) = delete;

    void row(Cells cells) override {
        if (at_ == last_row) add_sheet();
        ++at_;
        for (std::size_t i = 0; i < fields_.size(); ++i)
            if (cells[i]) put(static_cast<lxw_col_t>(i), fields_[i].type, *cells[i]);
    }
    void finish() override { must(workbook_close(std::exchange(book_, nullptr))); }

private:
    void describe(const ExportTable& table) {
        auto title = table.title, author = table.publisher, note = table.license + " " + table.url;
        for (auto* text : {&title, &author, &note}) *text = sheet_text(cut(*text, 200));
        lxw_doc_properties properties{};
        properties.title = title.data(), properties.author = author.data(), properties.comments = note.data(),
        properties.created = table.changed;
        must(workbook_set_properties(book_, &properties));
    }
    void add_sheet() {
        const auto name = sheets_ == 0 ? std::string("Datos") : "Datos " + std::to_string(sheets_ + 1);
        ++sheets_, at_ = 0;
        sheet_ = workbook_add_worksheet(book_, name.c_str());
        if (!sheet_) throw concejo::Error(concejo::ErrorKind::unavailable, "xlsx: workbook_add_worksheet");
        worksheet_freeze_panes(sheet_, 1, 0);
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            const auto column = static_cast<lxw_col_t>(i);
            const auto& type = fields_[i].type;
            worksheet_set_column(sheet_, column, column,
                                 type == "text"        ? 30
                                 : type == "timestamp" ? 20
                                                       : 14,
                                 nullptr);
            must(worksheet_write_string(sheet_, 0, column, sheet_text(fields_[i].name).c_str(), bold_));
        }
    }
    void put(lxw_col_t column, const std::string& type, std::string_view value) {
        if (type == "integer" || type == "numeric") {
            if (const auto number = exact_number(value))
                return must(worksheet_write_number(sheet_, at_, column, *number, nullptr));
        } else if (type == "boolean") {
            return must(worksheet_write_boolean(sheet_, at_, column, value == "t", nullptr));
        } else if (type == "date" || type == "time" || type == "timestamp") {
            if (auto moment = moment_of(value, type))
                return must(worksheet_write_datetime(sheet_, at_, column, &*moment,
                                                     type == "date"   ? date_
                                                     : type == "time" ? time_
                                                                      : instant_));
        }
        if (!value.empty())
            must(worksheet_write_string(sheet_, at_, column, sheet_text(value).c_str(), nullptr));
    }

    std::vector<Field> fields_;
    std::string folder_;
    lxw_workbook* book_ = nullptr;
    lxw_worksheet* sheet_ = nullptr;
    lxw_format *bold_ = nullptr, *date_ = nullptr, *time_ = nullptr, *instant_ = nullptr;
    lxw_row_t at_ = 0;
    int sheets_ = 0;
};

}  // namespace

std::unique_ptr<ExportWriter> make_xlsx_writer(const ExportTable& table, Spool& spool) {
    return std::make_unique<XlsxWriter>(table, spool);
}

}  // namespace open_data
