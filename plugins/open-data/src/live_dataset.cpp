#include "live_dataset.hpp"

#include "load_file.hpp"
#include "save_dataset.hpp"
#include "snapshot.hpp"
#include "spool.hpp"
#include "sql_names.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr std::size_t most_live_columns = 200;

std::optional<ingest::Type> type_called(std::string_view text) {
    for (const auto type :
         {ingest::Type::text, ingest::Type::integer, ingest::Type::numeric, ingest::Type::boolean,
          ingest::Type::date, ingest::Type::time, ingest::Type::timestamp})
        if (text == ingest::name(type)) return type;
    return std::nullopt;
}

/// One line without blanks that would be lost, and that PostgreSQL takes whole.
bool is_column_name(const std::string& name) {
    const bool control = std::any_of(
        name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    return !name.empty() && name != "_id" && name.size() <= longest_identifier && !control &&
           name.front() != ' ' && name.back() != ' ' && name.find("  ") == std::string::npos;
}

/// What the module says of each column; the rest of what there is stays.
Json with_dictionary(Json columns, const Json& declaration) {
    for (auto& column : columns.as_array())
        for (const auto& said : declaration.at("columns").as_array())
            if (said.string_or("name", "") == column.string_or("name", ""))
                for (const auto* key : {"title", "description"})
                    if (said[key].is_object()) column[key] = said[key];
    return columns;
}

/// What the rows have, and what they do not have, in each language.
Json notes_of(const Json& declaration) {
    Json notes = declaration["description"].is_object() ? declaration["description"] : Json::object();
    const auto& left_out = declaration["left_out"];
    if (left_out.is_object())
        for (const auto& [language, text] : left_out.as_object())
            if (notes[language].is_string())
                notes[language] = notes[language].as_string() + "\n\n" + text.as_string();
    return notes;
}

std::optional<Dataset> dataset_called(Catalogue& catalogue, concejo::Transaction& tx, const std::string& id) {
    // Nobody makes a second one meanwhile.
    tx.exec("SELECT pg_advisory_xact_lock(hashtextextended('open_data_live:' || $1, 0))", id);
    const auto rows = tx.exec("SELECT id FROM open_data_dataset WHERE meta #>> '{live,id}' = $1", id);
    return rows.empty() ? std::nullopt : catalogue.find(rows[0].text(0));
}

Dataset made_dataset(const Portal& portal, Catalogue& catalogue, concejo::Transaction& tx,
                     const Json& declaration) {
    auto dataset = create_dataset(portal, catalogue, tx, text_in(declaration["title"], "es"),
                                  declaration.string_or("name", ""));
    dataset.meta["title"] = declaration["title"], dataset.meta["notes"] = notes_of(declaration);
    if (declaration["keywords"].is_object()) dataset.meta["keywords"] = declaration["keywords"];
    dataset.meta["sectors"] = Json::array({declaration.string_or("sector", "sector-publico")}),
    dataset.meta["frequency"] = declaration.string_or("frequency", "");
    dataset.meta["live"] = Json::object({{"id", declaration.string_or("id", "")}});
    dataset = catalogue.update(dataset);
    Resource resource;
    resource.dataset = dataset.id, resource.file_name = dataset.name + ".csv";
    resource.meta = Json::object({{"name", declaration["title"]}});
    catalogue.insert(resource);
    return *catalogue.find(dataset.id);
}

/// When the data begin, where nobody has said it yet.
void tell_since(Catalogue& catalogue, concejo::Transaction& tx, const std::string& id,
                const Resource& resource, const std::string& column) {
    auto dataset = *catalogue.find(id);
    if (column.empty() || !dataset.meta["temporal"].string_or("start", "").empty()) return;
    const auto rows = tx.exec("SELECT to_char(min(" + identifier(column) + "), 'YYYY-MM-DD') FROM " +
                              identifier(resource.table));
    if (const auto day = rows[0].optional(0)) {
        dataset.meta["temporal"]["start"] = std::string(*day);
        catalogue.update(dataset);
    }
}

/// Of data that may not be kept: what older versions held.
void erase_older(const Portal& portal, concejo::Transaction& tx, const Resource& resource) {
    for (const auto& one : Versions(tx).list(resource, true, 1000, resource.version))
        if (!one.erased)
            erase_version(portal, tx, resource, one,
                          concejo::N_("Estos datos no se conservan cuando cambian."), Erase::table_later);
    portal.call.enqueue(
        tx, Json::object(
                {{"kind", "limpiar"}, {"payload", Json::object({{"erased", true}})}, {"unique", "vivos"}}));
}

Json respond_to_modules(const concejo::Call& call, std::string_view method, const Json& message) {
    if (method != "refresh")
        throw Error(ErrorKind::not_found, "open-data:1 no tiene «" + std::string(method) + "»");
    auto tx = call.begin();
    Json answer = Json::object({{"outcome", refresh_live_dataset(call, tx, message)}});
    tx.commit();
    return answer;
}

}  // namespace

ingest::Recipe recipe_of_declaration(const Json& declaration) {
    ingest::Recipe recipe;
    recipe.delimiter = ',', recipe.header_line = 1, recipe.first_line = 2;
    const auto& columns = declaration.at("columns").as_array();
    if (columns.empty() || columns.size() > most_live_columns)
        throw Error(ErrorKind::invalid,
                    "open-data:1: «columns» lleva de 1 a " + std::to_string(most_live_columns) + " columnas");
    for (const auto& one : columns) {
        ingest::Column column;
        column.source = column.name = one.string_or("name", "");
        const auto type = type_called(one.string_or("type", "text"));
        if (!is_column_name(column.name) || !type)
            throw Error(ErrorKind::invalid, "open-data:1: la columna «" + column.name +
                                                "» no tiene un nombre o un tipo que valga");
        column.type = *type, column.order = ingest::DateOrder::ymd;
        column.note = *type == ingest::Type::timestamp ? "UTC" : one.string_or("unit", "");
        recipe.columns.push_back(std::move(column));
    }
    return recipe;
}

std::string refresh_live_dataset(const concejo::Call& call, concejo::Transaction& tx,
                                 const Json& declaration) {
    const Portal portal(call);
    const auto wanted = portal.settings.string_or("datos_de_modulos", "publicados"),
               id = declaration.string_or("id", ""), sha256 = declaration.string_or("sha256", "");
    if (wanted == "no") return "off";
    if (id.empty() || !is_name(declaration.string_or("name", "")) ||
        text_in(declaration["title"], "es").empty())
        throw Error(ErrorKind::invalid, "open-data:1: faltan «id», «name» o «title»");
    const auto recipe = recipe_of_declaration(declaration);
    Catalogue catalogue(tx);
    auto dataset = dataset_called(catalogue, tx, id);
    const bool fresh = !dataset;
    if (fresh) dataset = made_dataset(portal, catalogue, tx, declaration);
    if (dataset->state == State::withdrawn || dataset->state == State::deleted || dataset->resources.empty())
        return "withdrawn";
    auto resource = dataset->resources.front();
    if (resource.blob == sha256 && resource.version > 0) return "same";
    const Spool file(call, sha256);
    auto loaded = LoadFile(call, tx, "system:" + id)(
                      resource, {file.path(), resource.file_name, "text/csv", recipe, {}})
                      .resource;
    loaded.columns = with_dictionary(loaded.columns, declaration);
    if (declaration["key"].is_array()) loaded.meta["key"] = declaration["key"];
    loaded.meta["history"] = declaration.bool_or("history", true);
    loaded = catalogue.update(loaded);
    tell_since(catalogue, tx, dataset->id, loaded, declaration.string_or("since", ""));
    if (!loaded.meta.bool_or("history", true)) erase_older(portal, tx, loaded);
    if (fresh && wanted == "publicados") publish_dataset(portal, catalogue, tx, *catalogue.find(dataset->id));
    return "loaded";
}

void register_live_datasets(concejo::Kernel& kernel) { kernel.provide("open-data:1", respond_to_modules); }

}  // namespace open_data
