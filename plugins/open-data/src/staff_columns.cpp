// What was understood of each column of a resource, on the page of its dataset, and how a clerk corrects it.
#include "harvested.hpp"
#include "load_later.hpp"
#include "records.hpp"
#include "seen.hpp"
#include "shown.hpp"
#include "spool.hpp"
#include "sql_names.hpp"
#include "staff.hpp"

#include <algorithm>
#include <map>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

std::vector<Option> type_options(const concejo::Call& call) {
    std::vector<Option> options;
    for (const auto* type : {"text", "integer", "numeric", "boolean", "date", "time", "timestamp"})
        options.push_back({type, call.tr(type_label(type))});
    return options;
}

/// The first values of each column, so that its type can be judged.
std::map<std::string, std::string> samples(const concejo::Call& call, concejo::Transaction& tx,
                                           const Resource& resource) {
    std::map<std::string, std::string> found;
    const auto fields = fields_of(resource);
    const auto rows = tx.exec("SELECT " + select_list(fields) + " FROM " + identifier(resource.table) +
                              " ORDER BY _id LIMIT 3");
    for (const auto row : rows)
        for (std::uint32_t i = 1; i < fields.size(); ++i)
            if (!row.is_null(i)) {
                auto& text = found[fields[i].name];
                text += (text.empty() ? "" : " · ") + cut(shown(call, row.optional(i), fields[i]), 60);
            }
    return found;
}

ingest::Type type_named(std::string_view text) {
    for (const auto type : {ingest::Type::integer, ingest::Type::numeric, ingest::Type::boolean,
                            ingest::Type::date, ingest::Type::time, ingest::Type::timestamp})
        if (text == ingest::name(type)) return type;
    return ingest::Type::text;
}

std::string type_of(const Json& column) { return column.string_or("type", "text"); }

Json column_rows(const Portal& portal, concejo::Transaction& tx, const Resource& resource, Seen& seen) {
    const auto values = samples(portal.call, tx, resource);
    const auto options = type_options(portal.call);
    Json rows = Json::array();
    std::size_t n = 0;
    for (const auto& column : resource.columns.as_array()) {
        const auto name = column.string_or("name", ""), type = seen.column("tipo", n, type_of(column)),
                   title = seen.column("titulo", n, column["title"].string_or("es", ""));
        Json types = Json::array();
        for (const auto& one : options)
            types.push_back(
                Json::object({{"value", one.value}, {"label", one.label}, {"selected", one.value == type}}));
        const auto found = values.find(name);
        rows.push_back(Json::object({{"n", std::to_string(n++)},
                                     {"name", name},
                                     {"types", types},
                                     {"sample", found == values.end() ? std::string() : found->second},
                                     {"title", title}}));
    }
    return rows;
}

/// The sheets of the workbook that it came from; none where there is nothing to choose.
Json sheet_options(const Resource& resource, Seen& seen) {
    Json list = Json::array();
    if (!resource.recipe.is_object()) return list;
    const auto recipe = ingest::recipe_from_json(resource.recipe);
    if (recipe.sheets.empty()) return list;
    const auto chosen = seen.value("hoja", recipe.sheet);
    for (const auto& one : recipe.sheets)
        list.push_back(Json::object({{"label", one}, {"selected", one == chosen}}));
    return list;
}

/// What the form says of the titles and types; true where the file must be read again.
bool take_columns(const Request& request, Resource& resource, Seen& seen) {
    const bool of_file = resource.recipe.is_object();  // else a program wrote its rows
    auto recipe = of_file ? ingest::recipe_from_json(resource.recipe) : ingest::Recipe();
    const auto sheet = request.form("hoja").value_or(recipe.sheet);
    if (sheet != recipe.sheet &&
        std::find(recipe.sheets.begin(), recipe.sheets.end(), sheet) != recipe.sheets.end()) {
        recipe.sheet = sheet;  // it has columns of its own
        resource.recipe = ingest::to_json(recipe);
        return true;
    }
    bool changed = false;
    std::size_t n = 0;
    for (auto& column : resource.columns.as_array()) {
        Json texts = column["title"].is_object() ? column["title"] : Json::object();
        const auto title = seen.column("titulo", n, texts.string_or("es", "")),
                   type = seen.column("tipo", n, type_of(column));
        if (!title.empty() || texts.contains("es"))
            texts["es"] = clean_line(title, 200), column["title"] = texts;
        ++n;
        for (auto& one : recipe.columns)
            if (one.name == column.string_or("name", "") && !type.empty() && type != ingest::name(one.type))
                one.type = type_named(type), one.chosen = changed = true;
    }
    if (of_file) resource.recipe = ingest::to_json(recipe);
    return changed;
}

/// What others wrote meanwhile of its columns, with where each stands on the page.
std::vector<Wrong> clashes_of(const Seen& seen, const Resource& resource) {
    std::vector<Wrong> wrong;
    for (const auto& [field, text] : seen.clashes()) {
        const auto digits = field.find_first_of("0123456789");
        if (digits == std::string::npos) {
            wrong.push_back({field + "-" + resource.id, text});
            continue;
        }
        const auto number = field.substr(digits);
        wrong.push_back(
            {(field.starts_with("tipo") ? "t-" : "n-") + resource.id + "-" + number,
             resource.columns.as_array()[std::stoul(number)].string_or("name", "") + ": " + text});
    }
    return wrong;
}

/// Reads the stored file again, with the sheet, the types and the titles that the form says.
void columns(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    auto [dataset, resource] = need_resource(portal, catalogue, request.segment("resource"));
    need_own(dataset);
    Seen seen(request);
    seen.about(resource);
    if (seen.moved()) return show_staff_dataset(request, reply, {{"r-" + resource.id, seen.moved_text()}});
    const bool again = take_columns(request, resource, seen);
    if (!seen.clashes().empty()) return show_staff_dataset(request, reply, clashes_of(seen, resource));
    resource = catalogue.update(resource);
    if (again) {
        const Spool file(request, resource.blob);
        const Incoming same{file.path(), resource.file_name, resource.media_type, {}, {}};
        if (resource.bytes.value_or(0) > static_cast<std::int64_t>(loaded_at_once))
            load_later(request, tx, resource, same, portal.by());
        else
            try {
                LoadFile(request, tx, portal.by())(resource, same);
            } catch (const concejo::Error& error) {
                if (error.kind() != concejo::ErrorKind::invalid) throw;
                return show_staff_dataset(request, reply, {{"r-" + resource.id, request.tr(error.what())}});
            }
    }
    request.audit(tx, "open-data.cambiar", dataset.id);
    request.pages_changed(tx);
    tx.commit();
    reply.redirect(request.url(std::string(staff_base) + "/" + dataset.name) + "?hecho=guardado");
}

}  // namespace

void add_columns(const Request& request, concejo::Transaction& tx, const Resource& resource, Json& view) {
    // What was chosen of this one's columns stays on the page, whatever is wrong with it.
    Seen seen(request, request.form("visto") && request.segment("resource") == resource.id);
    seen.about(resource);
    view["columns"] = column_rows(Portal(request), tx, resource, seen);
    view["sheets"] = sheet_options(resource, seen);
    view["seen"] = seen.next();
}

void register_staff_columns(concejo::Kernel& kernel) {
    kernel.staff_post("/datos/:name/recursos/:resource/columnas", columns,
                      concejo::RouteOptions{.permission = may_edit});
}

}  // namespace open_data
