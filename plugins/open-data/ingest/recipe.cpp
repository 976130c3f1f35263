#include "plugins/open-data/ingest/recipe.hpp"

#include <array>
#include <set>

namespace open_data::ingest {
namespace {

using concejo::Json;

constexpr std::array<std::string_view, 7> type_names = {"text", "integer", "numeric",  "boolean",
                                                        "date", "time",    "timestamp"};
constexpr std::array<std::string_view, 3> order_names = {"dmy", "mdy", "ymd"};
constexpr std::array<std::string_view, 6> containers = {"csv", "xlsx", "ods", "json", "ndjson", "geojson"};
constexpr std::array<std::string_view, 5> encodings = {"utf-8", "utf-16-le", "utf-16-be", "windows-1252",
                                                       "iso-8859-15"};

[[noreturn]] void wrong(std::string_view member, std::string_view value) {
    throw concejo::Error(concejo::ErrorKind::invalid,
                         "receta: " + std::string(member) + " no puede ser «" + std::string(value) + "»");
}

template <std::size_t N>
std::size_t index_of(const std::array<std::string_view, N>& known, std::string_view member,
                     std::string_view value) {
    for (std::size_t i = 0; i < N; ++i) {
        if (known[i] == value) return i;
    }
    wrong(member, value);
}

std::string character(char c) { return c ? std::string(1, c) : std::string(); }

char character(const Json& json, std::string_view member, char otherwise) {
    if (!json.contains(member)) return otherwise;
    const auto value = json.string_or(member, "");
    const bool odd = value.size() > 1 || (value.size() == 1 && static_cast<unsigned char>(value[0]) >= 0x80);
    if (odd) wrong(member, value);
    return value.empty() ? '\0' : value[0];
}

Json column_json(const Column& column) {
    auto json = Json::object({{"source", column.source}, {"name", column.name}, {"type", name(column.type)}});
    if (column.type == Type::numeric || column.type == Type::integer) {
        json["decimal"] = character(column.decimal);
        json["group"] = column.decimal == ',' ? "." : ",";
    }
    if (column.type == Type::date || column.type == Type::timestamp)
        json["order"] = order_names[static_cast<std::size_t>(column.order)];
    if (!column.note.empty()) json["note"] = column.note;
    json["skip"] = column.skip;
    if (column.chosen) json["chosen"] = true;
    if (column.blank) json["blank"] = true;
    return json;
}

Column column_from(const Json& json) {
    Column column;
    column.source = json.string_or("source", "");
    column.name = json.string_or("name", column.source);
    column.type = static_cast<Type>(index_of(type_names, "type", json.string_or("type", "text")));
    column.decimal = character(json, "decimal", '.');
    if (column.decimal != '.' && column.decimal != ',') wrong("decimal", character(column.decimal));
    column.order = static_cast<DateOrder>(index_of(order_names, "order", json.string_or("order", "dmy")));
    column.skip = json.bool_or("skip", false);
    column.chosen = json.bool_or("chosen", false);
    column.blank = json.bool_or("blank", false);
    column.note = json.string_or("note", "");
    return column;
}

void check_names(const std::vector<Column>& columns) {
    std::set<std::string_view> seen{"_id"};
    for (const auto& column : columns) {
        if (column.skip) continue;
        if (column.name.empty() || !seen.insert(column.name).second) wrong("name", column.name);
    }
}

std::uint64_t line_from(const Json& json, std::string_view member, std::int64_t otherwise) {
    const auto value = json.int_or(member, otherwise);
    if (value < 0) wrong(member, std::to_string(value));
    return static_cast<std::uint64_t>(value);
}

}  // namespace

std::string_view name(Type type) { return type_names[static_cast<std::size_t>(type)]; }

Json to_json(const Recipe& recipe) {
    auto json = Json::object({{"container", recipe.container}});
    if (recipe.container == "csv") {
        json["encoding"] = recipe.encoding;
        json["delimiter"] = character(recipe.delimiter);
        json["quote"] = character(recipe.quote);
        json["backslash"] = recipe.backslash;
        json["wrapped"] = recipe.wrapped;
        json["newline"] = character(recipe.newline);
    }
    if (!recipe.sheet.empty()) json["sheet"] = recipe.sheet;
    if (!recipe.sheets.empty()) json["sheets"] = Json::array();
    for (const auto& sheet : recipe.sheets) json["sheets"].push_back(sheet);
    if (!recipe.member.empty()) json["member"] = recipe.member;
    json["named"] = recipe.named;
    json["header_line"] = recipe.header_line ? Json(recipe.header_line) : Json();
    json["first_line"] = recipe.first_line;
    json["comment"] = recipe.comment;
    if (recipe.late_notes) json["late_notes"] = true;
    json["columns"] = Json::array();
    for (const auto& column : recipe.columns) json["columns"].push_back(column_json(column));
    return json;
}

Recipe recipe_from_json(const Json& json) {
    Recipe recipe;
    recipe.container = containers[index_of(containers, "container", json.string_or("container", "csv"))];
    recipe.encoding = encodings[index_of(encodings, "encoding", json.string_or("encoding", "utf-8"))];
    recipe.delimiter = character(json, "delimiter", '\0');
    recipe.quote = character(json, "quote", '"');
    recipe.backslash = json.bool_or("backslash", false);
    recipe.wrapped = json.bool_or("wrapped", false);
    recipe.newline = character(json, "newline", '\n') == '\r' ? '\r' : '\n';
    const char d = recipe.delimiter;
    if (d == '\n' || d == '\r' || (d && d == recipe.quote)) wrong("delimiter", character(d));
    recipe.sheet = json.string_or("sheet", "");
    if (const auto* sheets = json.find("sheets"); sheets && sheets->is_array()) {
        for (const auto& sheet : sheets->as_array())
            if (sheet.is_string()) recipe.sheets.push_back(sheet.as_string());
    }
    recipe.member = json.string_or("member", "");
    recipe.named = json.bool_or("named", false);
    recipe.header_line = line_from(json, "header_line", 0);
    recipe.first_line = line_from(json, "first_line", 1);
    recipe.comment = json.string_or("comment", "");
    recipe.late_notes = json.bool_or("late_notes", false);
    if (const auto* columns = json.find("columns"); columns && columns->is_array()) {
        for (const auto& column : columns->as_array()) recipe.columns.push_back(column_from(column));
    }
    check_names(recipe.columns);
    return recipe;
}

}  // namespace open_data::ingest
