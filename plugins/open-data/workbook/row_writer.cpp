#include "plugins/open-data/workbook/row_writer.hpp"

#include "plugins/open-data/ingest/sheet_stream.hpp"
#include "plugins/open-data/ingest/splitter.hpp"
#include "plugins/open-data/workbook/xml_part.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <utility>

namespace open_data::workbook {
namespace {

using ingest::Fault;

constexpr std::size_t piece_bytes = std::size_t{1} << 18;

}  // namespace

void disk_full() {
    throw concejo::Error(
        concejo::ErrorKind::unavailable,
        concejo::N_(
            "no queda sitio en el disco para leer la hoja de cálculo: libere espacio y vuelva a intentarlo"));
}

void RowWriter::begin(std::string_view container, std::string_view sheet) {
    sheet_ = sheet;
    head_ = std::string(container) + ingest::end_of_cell + sheet_ + ingest::end_of_row;
}

void RowWriter::put(std::size_t column, std::string_view text) {
    text = ingest::trimmed(text);
    if (text.empty()) return;
    if (column >= ingest::max_columns) {
        wide_ = true;
        return;
    }
    size_ += text.size();
    if (size_ > ingest::max_row) return;  // it is rejected whole
    if (cells_.size() <= column) cells_.resize(column + 1);
    for (; width_ <= column; ++width_) cells_[width_].clear();
    cells_[column] = text;
}

void RowWriter::give(std::uint64_t line, std::uint64_t times) {
    const bool something = width_ > 0 || wide_ || size_ > 0;
    for (std::uint64_t i = 0; something && i < times; ++i) write(line + i);
    width_ = size_ = 0, wide_ = false;
}

void RowWriter::write(std::uint64_t line) {
    if (!std::exchange(rows_, true)) piece_ += head_;
    const auto before = piece_.size();
    auto fault = wide_ ? Fault::too_many_columns : Fault::none;
    for (std::size_t i = 0; i < width_; ++i)
        if (cells_[i].size() > ingest::max_cell) fault = Fault::cell_too_large;
    if (size_ > ingest::max_row) fault = Fault::row_too_large;
    piece_ += std::to_string(line);
    if (fault != Fault::none) {
        (piece_ += ' ') += ingest::fault_names[static_cast<std::size_t>(fault)];
    } else {
        for (std::size_t i = 0; i < width_; ++i) (piece_ += ingest::end_of_cell) += cells_[i];
    }
    piece_ += ingest::end_of_row;
    given_ += piece_.size() - before;
    if (given_ > most_) refuse_part(too_large, sheet_);
    if (piece_.size() >= piece_bytes) flush();
}

void RowWriter::end() {
    if (!rows_) piece_ += head_;
    piece_ += ingest::end_of_stream;
    flush();
}

void RowWriter::flush() {
    out_.write(piece_.data(), static_cast<std::streamsize>(piece_.size())).flush();
    piece_.clear();
    if (!out_) disk_full();
}

}  // namespace open_data::workbook
