#include "page_metadata.hpp"

#include "describer.hpp"
#include "text.hpp"

#include <cctype>

namespace open_data::dcat {
namespace {

using concejo::Json;

struct ColumnType {
    std::string_view ours, csvw, frictionless;
};
constexpr ColumnType column_types[] = {
    {"text", "string", "string"},
    {"integer", "integer", "integer"},
    {"numeric", "decimal", "number"},
    {"boolean", "boolean", "boolean"},
    {"date", "date", "date"},
    {"time", "time", "time"},
    {"timestamp", "dateTime", "datetime"},
};

const ColumnType& column_type(std::string_view type) {
    for (const auto& known : column_types) {
        if (known.ours == type) return known;
    }
    return column_types[0];
}

/// A variable name of RFC 6570: letters, figures, "_" and escapes (Metadata Vocabulary for Tabular Data,
/// §5.6); it does not begin with "_".
std::string variable_name(std::string_view name) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80 && (std::isalnum(byte) || (c == '_' && !out.empty()))) {
            out += c;
        } else {
            out += {'%', hex[byte >> 4], hex[byte & 15]};
        }
    }
    return out;
}

/// "[-a-z0-9._/]+", the names of Frictionless.
std::string package_name(std::string_view text) {
    std::string out;
    for (const char c : to_lower(text)) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_';
        if (plain) {
            out += c;
        } else if (!out.empty() && out.back() != '-') {
            out += '-';
        }
    }
    while (out.ends_with('-')) out.pop_back();
    return out.empty() ? "datos" : out;
}

void put(Json& json, const char* name, std::string_view text) {
    if (auto clean = clean_text(text); !clean.empty()) json[name] = std::move(clean);
}

/// As JSON-LD has texts: a string where there is only the document's language, Spanish.
void put(Json& json, const char* name, const Texts& texts) {
    auto values = Json::array();
    for (const auto& [language, text] : texts)
        if (auto clean = clean_text(text); !clean.empty())
            values.push_back(Json::object({{"@value", std::move(clean)}, {"@language", language}}));
    if (values.empty()) return;
    const bool only_spanish = values.size() == 1 && values.as_array()[0].string_or("@language", "") == "es";
    json[name] = only_spanish ? values.as_array()[0]["@value"] : std::move(values);
}

std::string_view last_step(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    return url.substr(url.rfind('/') + 1);
}

Json csvw_column(const Column& column) {
    auto json = Json::object({{"name", variable_name(column.name)}});
    // What the header says, or a checker refuses the file.
    auto titles = Json::object({{"und", clean_text(column.name)}});
    for (const auto& [language, text] : column.title)
        if (auto title = clean_text(text); !title.empty()) titles[language] = std::move(title);
    json["titles"] = std::move(titles);
    put(json, "dc:description", column.description);
    put(json, "schema:unitText", column.unit);
    if (column.type == "boolean")  // as the file writes them
        json["datatype"] = Json::object({{"base", "boolean"}, {"format", "t|f"}});
    else
        json["datatype"] = column_type(column.type).csvw;
    return json;
}

Json licenses_of(const Distribution& file, const std::string& language) {
    const auto* known = find_license(file.license);
    if (!known) return Json::array();
    return Json::array({Json::object(
        {{"path", known->page}, {"title", language == "en" ? known->term.en : known->term.es}})});
}

Json resource(const Table& table, const std::string& language) {
    const auto& file = table.file;
    auto json = Json::object({{"profile", "tabular-data-resource"},
                              {"name", package_name(last_step(file.download_url))},
                              {"path", encode_uri(file.download_url)},
                              {"format", "csv"},
                              {"mediatype", "text/csv"},
                              {"encoding", "utf-8"}});
    put(json, "title", in_language(file.title, language));
    put(json, "description", in_language(file.description, language));
    if (file.bytes) json["bytes"] = static_cast<long long>(*file.bytes);
    if (!file.sha256.empty()) json["hash"] = "sha256:" + to_lower(file.sha256);
    json["dialect"] = Json::object({{"delimiter", std::string(1, table.delimiter)}, {"header", true}});
    json["schema"] = table_schema(table.columns, language);
    return json;
}

}  // namespace

Json csvw_metadata(const Table& table, const Dataset& dataset) {
    auto context = Json::array({"http://www.w3.org/ns/csvw", Json::object({{"@language", "es"}})});
    auto json =
        Json::object({{"@context", std::move(context)}, {"url", encode_uri(table.file.download_url)}});
    put(json, "dc:title", dataset.title);
    put(json, "dc:description", dataset.description);
    if (const auto* license = find_license(table.file.license))
        json["dc:license"] = Json::object({{"@id", license->page}});
    if (dataset.modified)
        json["dc:modified"] = Json::object({{"@value", iso(*dataset.modified)}, {"@type", "xsd:dateTime"}});
    json["dialect"] = Json::object(
        {{"encoding", "utf-8"}, {"delimiter", std::string(1, table.delimiter)}, {"header", true}});
    auto columns = Json::array();
    for (const auto& column : table.columns) columns.push_back(csvw_column(column));
    json["tableSchema"] = Json::object({{"columns", std::move(columns)}});
    return json;
}

Json table_schema(const std::vector<Column>& columns, const std::string& language) {
    auto fields = Json::array();
    for (const auto& column : columns) {
        auto field = Json::object(
            {{"name", clean_text(column.name)}, {"type", column_type(column.type).frictionless}});
        if (column.type == "boolean")  // as the file writes them
            field["trueValues"] = Json::array({"t"}), field["falseValues"] = Json::array({"f"});
        if (column.type == "timestamp") field["format"] = "any";  // the default one ends in "Z"
        put(field, "title", in_language(column.title, language));
        put(field, "description", in_language(column.description, language));
        put(field, "unit", column.unit);
        fields.push_back(std::move(field));
    }
    return Json::object({{"fields", std::move(fields)}, {"missingValues", Json::array({""})}});
}

Json data_package(const Dataset& dataset, const std::vector<Table>& tables, const std::string& language) {
    auto json =
        Json::object({{"profile", "tabular-data-package"}, {"name", package_name(last_step(dataset.uri))}});
    put(json, "id", dataset.identifier.empty() ? dataset.uri : dataset.identifier);
    put(json, "title", in_language(dataset.title, language));
    put(json, "description", in_language(dataset.description, language));
    if (is_web_url(dataset.landing_page)) json["homepage"] = encode_uri(dataset.landing_page);
    if (dataset.issued) json["created"] = iso(*dataset.issued);
    put(json, "version", dataset.version);
    if (!tables.empty()) {
        if (auto licenses = licenses_of(tables.front().file, language); !licenses.empty())
            json["licenses"] = std::move(licenses);
    }
    auto resources = Json::array();
    for (const auto& table : tables) resources.push_back(resource(table, language));
    json["resources"] = std::move(resources);
    return json;
}

}  // namespace open_data::dcat
