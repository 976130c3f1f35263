// The rows of a resource's table, as others read them.
#pragma once

#include "dataset.hpp"

#include <concejo/db.hpp>

#include <span>

namespace open_data {

/// A column as the API names it: text, integer, numeric, boolean, date, time, timestamp, json.
struct Field {
    std::string name, type;
};
/// "Número entero": a text to translate.
const char* type_label(std::string_view type);

/// `_id` first, then the resource's own.
std::vector<Field> fields_of(const Resource&);

/// "\"_id\", \"año\"".
std::string select_list(const std::vector<Field>&);

using Cell = std::optional<std::string_view>;  ///< as PostgreSQL writes it; none: null
using Cells = std::span<const Cell>;

/// A value as JSON: numbers and booleans are such, JSON is itself, an instant has its "T", everything else is text; null is what
/// is no number to JSON (NaN, Infinity).
void append_json(std::string& out, const Cell&, const Field&);
void append_json(std::string& out, const concejo::Rows::Row&, std::uint32_t column, const Field&);
/// A text as JSON, with its quotes.
void append_json(std::string& out, std::string_view text);
/// A value as a cell of CSV (RFC 4180) or TSV: quoted where it has to be, t and f, nothing for null.
void append_cell(std::string& out, const Cell&, const Field&, char separator);
void append_cell(std::string& out, const concejo::Rows::Row&, std::uint32_t column, const Field&,
                 char separator);
/// The same of a text by itself, as a column's name: nothing where it is empty.
void append_cell(std::string& out, std::string_view text, char separator);

/// Rows with the columns that they have.
struct RowsQuery {
    std::vector<Field> fields;
    std::string statement;
    std::vector<concejo::Param> parameters;
};
/// All rows by `_id`; `numbered`: with it.
RowsQuery whole_table(const Resource&, bool numbered);
/// One moment's rows, in pieces of `at_once` that fit in memory.
void each_row(concejo::Transaction&, const RowsQuery&, std::int64_t at_once,
              const std::function<void(Cells)>&);

}  // namespace open_data
