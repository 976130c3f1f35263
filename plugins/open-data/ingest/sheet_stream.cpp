#include "plugins/open-data/ingest/sheet_stream.hpp"

#include "plugins/open-data/ingest/encoding.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>
#include <charconv>

namespace open_data::ingest {
namespace {

[[noreturn]] void cut_short() {
    throw concejo::Error(
        concejo::ErrorKind::unavailable,
        concejo::N_(
            "la lectura de la hoja de cálculo quedó a medias y no se ha cargado nada: vuelva a intentarlo"));
}

/// What stands before the separator, and takes both away. All of it where there is none.
std::string_view take_until(std::string_view& text, char separator) {
    const auto at = text.find(separator);
    const auto taken = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return taken;
}

class SheetCursor : public Cursor {
public:
    explicit SheetCursor(std::string_view rows) : rest_(rows) {}

    bool next(Row& row) override {
        if (rest_.empty()) return false;
        auto record = take_until(rest_, end_of_row);
        row = {};
        read_place(take_until(record, end_of_cell), row);
        cells_.clear();
        while (!record.empty() && cells_.size() <= max_columns)
            cells_.push_back(take_until(record, end_of_cell));
        if (cells_.size() > max_columns) cut_short();
        row.cells = cells_;
        return true;
    }

private:
    static void read_place(std::string_view place, Row& row) {
        const auto number = std::from_chars(place.data(), place.data() + place.size(), row.line);
        place.remove_prefix(static_cast<std::size_t>(number.ptr - place.data()));
        if (number.ec != std::errc() || row.line == 0) cut_short();
        if (!place.empty()) place.remove_prefix(1);
        const auto* fault = std::find(fault_names.begin(), fault_names.end(), place);
        if (fault == fault_names.end()) cut_short();
        row.fault = static_cast<Fault>(fault - fault_names.begin());
    }

    std::string_view rest_;
    std::vector<std::string_view> cells_;
};

class Sheet : public Source {
public:
    explicit Sheet(Bytes stream) : stream_(std::move(stream)) {
        rows_ = stream_.view();
        if (rows_.size() < 3 || rows_.back() != end_of_stream || !tell_encoding(rows_).clean) cut_short();
        rows_.remove_suffix(1);
        auto head = take_until(rows_, end_of_row);
        container_ = take_until(head, end_of_cell);
        name_ = head;
        const bool whole = rows_.empty() || rows_.back() == end_of_row;
        if ((container_ != "xlsx" && container_ != "ods") || !whole) cut_short();
    }

    void describe(Recipe& recipe) const override { recipe.container = container_, recipe.sheet = name_; }
    std::unique_ptr<Cursor> open(const Recipe&) const override {
        return std::make_unique<SheetCursor>(rows_);
    }

private:
    Bytes stream_;
    std::string_view rows_;
    std::string container_, name_;
};

}  // namespace

bool is_archive(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

std::unique_ptr<Source> make_sheet(Bytes stream) { return std::make_unique<Sheet>(std::move(stream)); }

}  // namespace open_data::ingest
