#include "records.hpp"

#include "sql_names.hpp"

#include <concejo/text.hpp>

namespace open_data {
namespace {

/// "2026-11-26 10:00:00" → "2026-11-26T10:00:00".
std::string written(std::string_view value, const Field& field) {
    std::string text(value);
    if (field.type == "timestamp" && text.size() > 10 && text[10] == ' ') text[10] = 'T';
    return text;
}

void append_in_quotes(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

}  // namespace

std::vector<Field> fields_of(const Resource& resource) {
    std::vector<Field> fields{{"_id", "integer"}};
    if (resource.columns.is_array())
        for (const auto& column : resource.columns.as_array())
            fields.push_back({column.string_or("name", ""), column.string_or("type", "text")});
    return fields;
}

const char* type_label(std::string_view type) {
    using concejo::N_;
    if (type == "integer") return N_("Número entero");
    if (type == "numeric") return N_("Número");
    if (type == "boolean") return N_("Sí o no");
    if (type == "date") return N_("Fecha");
    if (type == "time") return N_("Hora");
    if (type == "timestamp") return N_("Fecha y hora");
    return N_("Texto");
}

std::string select_list(const std::vector<Field>& fields) {
    std::string list;
    for (const auto& field : fields) list += (list.empty() ? "" : ", ") + identifier(field.name);
    return list;
}

void append_json(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\')
            out += '\\', out += static_cast<char>(c);
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else
            out += "\\u00", out += digits[c >> 4], out += digits[c & 15];
    }
    out.append(text, from, text.size() - from);
    out += '"';
}

void append_json(std::string& out, const Cell& value, const Field& field) {
    if (!value)
        out += "null";
    else if (field.type == "integer" || field.type == "json")
        out += *value;
    // PostgreSQL has NaN and Infinity among its numbers; JSON has none.
    else if (field.type == "numeric")
        out += value->find_first_of("NI") == std::string_view::npos ? *value : "null";
    else if (field.type == "boolean")
        out += *value == "t" ? "true" : "false";
    else if (field.type == "timestamp")
        append_json(out, written(*value, field));
    else
        append_json(out, *value);
}

void append_json(std::string& out, const concejo::Rows::Row& row, std::uint32_t column, const Field& field) {
    append_json(out, row.optional(column), field);
}

void append_cell(std::string& out, const Cell& value, const Field& field, char separator) {
    if (!value) return;
    const auto text = written(*value, field);
    const bool plain = !text.empty() && text.find_first_of("\"\r\n") == std::string::npos &&
                       text.find(separator) == std::string::npos && text.front() != ' ' && text.back() != ' ';
    if (plain || (field.type != "text" && field.type != "json"))
        out += text;
    else
        append_in_quotes(out, text);
}

void append_cell(std::string& out, std::string_view text, char separator) {
    const bool plain = text.find_first_of("\",;\t\r\n") == std::string_view::npos &&
                       text.find(separator) == std::string_view::npos;
    if (plain)
        out += text;
    else
        append_in_quotes(out, text);
}

void append_cell(std::string& out, const concejo::Rows::Row& row, std::uint32_t column, const Field& field,
                 char separator) {
    append_cell(out, row.optional(column), field, separator);
}

RowsQuery whole_table(const Resource& resource, bool numbered) {
    auto fields = fields_of(resource);
    if (!numbered) fields.erase(fields.begin());
    auto statement =
        "SELECT " + select_list(fields) + " FROM " + identifier(resource.table) + " ORDER BY _id";
    return {std::move(fields), std::move(statement), {}};
}

void each_row(concejo::Transaction& tx, const RowsQuery& query, std::int64_t at_once,
              const std::function<void(Cells)>& take) {
    tx.exec_list("DECLARE open_data_rows NO SCROLL CURSOR FOR " + query.statement, query.parameters);
    const auto next = "FETCH FORWARD " + std::to_string(at_once) + " FROM open_data_rows";
    std::vector<Cell> cells(query.fields.size());
    for (bool more = true; more;) {
        const auto rows = tx.exec(next);
        more = !rows.empty();
        for (const auto row : rows) {
            for (std::uint32_t i = 0; i < cells.size(); ++i) cells[i] = row.optional(i);
            take(cells);
        }
    }
    tx.exec("CLOSE open_data_rows");
}

}  // namespace open_data
