// The rows of a resource's table, as others read them.
#pragma once

#include "dataset.hpp"

#include <concejo/db.hpp>

namespace open_data {

/// A column as the API names it: text, integer, numeric, boolean, date, time, timestamp.
struct Field {
    std::string name, type;
};
/// "Número entero": a text to translate.
const char* type_label(std::string_view type);

/// `_id` first, then the resource's own.
std::vector<Field> fields_of(const Resource&);

/// "\"_id\", \"año\"".
std::string select_list(const std::vector<Field>&);

/// A value as JSON: numbers and booleans are such, an instant has its "T", everything else is text.
void append_json(std::string& out, const concejo::Rows::Row&, std::uint32_t column, const Field&);
/// A text as JSON, with its quotes.
void append_json(std::string& out, std::string_view text);
/// A value as a cell of CSV (RFC 4180) or TSV: quoted where it has to be, t and f, nothing for null.
void append_cell(std::string& out, const concejo::Rows::Row&, std::uint32_t column, const Field&, char separator);

/// Rows from the table's beginning in pieces that fit in memory, by `_id`.
void each_row(concejo::Transaction&, const Resource&, const std::vector<Field>&, const std::function<void(const concejo::Rows::Row&)>&);

}  // namespace open_data
