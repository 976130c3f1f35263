#include "records.hpp"

#include "sql_names.hpp"

#include <concejo/text.hpp>

namespace open_data {
namespace {

constexpr std::int64_t rows_at_once = 5000;

/// "2026-11-26 10:00:00" → "2026-11-26T10:00:00".
std::string written(std::string_view value, const Field& field) {
    std::string text(value);
    if (field.type == "timestamp" && text.size() > 10 && text[10] == ' ') text[10] = 'T';
    return text;
}

}  // namespace

std::vector<Field> fields_of(const Resource& resource) {
    std::vector<Field> fields{{"_id", "integer"}};
    if (resource.columns.is_array())
        for (const auto& column : resource.columns.as_array()) fields.push_back({column.string_or("name", ""), column.string_or("type", "text")});
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
        if (c == '"' || c == '\\') out += '\\', out += static_cast<char>(c);
        else if (c == '\n') out += "\\n";
        else if (c == '\r') out += "\\r";
        else if (c == '\t') out += "\\t";
        else out += "\\u00", out += digits[c >> 4], out += digits[c & 15];
    }
    out.append(text, from, text.size() - from);
    out += '"';
}

void append_json(std::string& out, const concejo::Rows::Row& row, std::uint32_t column, const Field& field) {
    const auto value = row.optional(column);
    if (!value) out += "null";
    else if (field.type == "integer" || field.type == "numeric") out += *value;
    else if (field.type == "boolean") out += *value == "t" ? "true" : "false";
    else if (field.type == "timestamp") append_json(out, written(*value, field));
    else append_json(out, *value);
}

void append_cell(std::string& out, const concejo::Rows::Row& row, std::uint32_t column, const Field& field, char separator) {
    const auto value = row.optional(column);
    if (!value) return;
    const auto text = written(*value, field);
    const bool plain = !text.empty() && text.find_first_of("\"\r\n") == std::string::npos && text.find(separator) == std::string::npos && text.front() != ' ' && text.back() != ' ';
    if (plain || field.type != "text") {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

void each_row(concejo::Transaction& tx, const Resource& resource, const std::vector<Field>& fields, const std::function<void(const concejo::Rows::Row&)>& take) {
    auto with_id = fields;
    with_id.push_back({"_id", "integer"});
    const auto statement = "SELECT " + select_list(with_id) + " FROM " + identifier(resource.table) + " WHERE _id > $1::bigint ORDER BY _id LIMIT " + std::to_string(rows_at_once);
    for (std::int64_t last = 0, found = rows_at_once; found == rows_at_once;) {
        found = 0;
        const auto rows = tx.exec(statement, last);
        for (const auto row : rows) {
            take(row);
            last = row.integer(static_cast<std::uint32_t>(fields.size()));
            ++found;
        }
    }
}

}  // namespace open_data
