// How clients want to see a resource: kept for them, and drawn by them.
#include "ckan_access.hpp"
#include "ckan_show.hpp"
#include "ckan_values.hpp"
#include "sql_names.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

constexpr std::size_t most_views = 100, longest_view = 100'000;
constexpr const char* view_parameters = "id resource_id title description view_type";
constexpr std::string_view own_members = "id resource_id package_id";
constexpr const char* known_views =
    "text_view image_view recline_view recline_grid_view recline_graph_view recline_map_view datatables_view webpage_view video_view audio_view pdf_view geo_view geojson_view";

struct KeptView {
    std::string id, resource;
    Json view;
};

KeptView need_view(Ask& ask) {
    const auto rows = ask.tx.exec(
        "SELECT id, resource, view FROM open_data_resource_view WHERE id::text = $1", asked_id(ask));
    if (rows.empty()) throw not_found();
    return {rows[0].text(0), rows[0].text(1), Json::parse(rows[0].view(2))};
}

Resource resource_to_edit(Ask& ask, const std::string& id, const char* doing) {
    auto [dataset, resource] = need_resource(ask, id);
    need_capacity(ask, dataset.id, doing);
    return std::move(resource);
}

Json shown_view(const KeptView& one, const std::string& package) {
    Json view = Json::object({{"id", one.id}, {"resource_id", one.resource}, {"package_id", package}});
    for (const auto& [key, value] : one.view.as_object()) view[key] = value;
    return view;
}

/// What is asked for, checked; the rest of it is the view's own.
Json described_view(const Ask& ask, Json view) {
    const auto own = words_of(own_members), known = words_of(known_views);
    for (const auto& [key, value] : ask.args.values().as_object())
        if (std::find(own.begin(), own.end(), key) == own.end()) view[key] = value;
    const auto type = view.string_or("view_type", "");
    if (type.empty()) throw missing("view_type");
    if (std::find(known.begin(), known.end(), type) == known.end())
        throw invalid(Json::object({{"view_type", "No plugin found for view_type " + type.substr(0, 100)}}));
    if (view.string_or("title", "").empty()) throw missing("title");
    if (!view.contains("description")) view["description"] = "";
    if (view.dump().size() > longest_view) throw invalid("view", "Too long");
    return view;
}

std::string resource_view_create(Ask& ask) {
    ask.need_user("create resource view");
    const auto resource = resource_to_edit(ask, asked_id(ask, "resource_id"), "create resource view");
    const auto view = described_view(ask, Json::object());
    const auto count =
        ask.tx.exec("SELECT count(*) FROM open_data_resource_view WHERE resource = $1::uuid", resource.id)[0]
            .integer(0);
    if (count >= static_cast<std::int64_t>(most_views)) throw invalid("resource_id", "Too many views");
    const auto brought = brought_id(ask, ask.args.values(), "open_data_resource_view", "Id already exists");
    const auto id =
        ask.tx
            .exec(
                "INSERT INTO open_data_resource_view (resource, position, view, id) "
                "VALUES ($1::uuid, $2::int, $3::jsonb, coalesce(nullif($4, '')::uuid, gen_random_uuid())) RETURNING id",
                resource.id, count, view, brought)[0]
            .text(0);
    note_change(ask, "open-data.cambiar", resource.dataset);
    return shown_view({id, resource.id, view}, resource.dataset).dump();
}

std::string resource_view_update(Ask& ask) {
    ask.need_user("edit resource view");
    auto one = need_view(ask);
    const auto resource = resource_to_edit(ask, one.resource, "edit resource view");
    // CKAN's clients send what changes, with the kind of view or without it.
    one.view = described_view(ask, std::move(one.view));
    ask.tx.exec("UPDATE open_data_resource_view SET view = $2::jsonb WHERE id = $1::uuid", one.id, one.view);
    note_change(ask, "open-data.cambiar", resource.dataset);
    return shown_view(one, resource.dataset).dump();
}

std::string resource_view_show(Ask& ask) {
    const auto one = need_view(ask);
    return shown_view(one, need_resource(ask, one.resource).second.dataset).dump();
}

std::string resource_view_list(Ask& ask) {
    const auto resource = need_resource(ask, asked_id(ask)).second;
    Json list = Json::array();
    const auto rows = ask.tx.exec(
        "SELECT id, view FROM open_data_resource_view WHERE resource = $1::uuid ORDER BY position, id",
        resource.id);
    for (const auto row : rows)
        list.push_back(shown_view({row.text(0), resource.id, Json::parse(row.view(1))}, resource.dataset));
    return list.dump();
}

std::string resource_view_delete(Ask& ask) {
    ask.need_user("delete resource view");
    const auto one = need_view(ask);
    const auto resource = resource_to_edit(ask, one.resource, "delete resource view");
    ask.tx.exec("DELETE FROM open_data_resource_view WHERE id = $1::uuid", one.id);
    note_change(ask, "open-data.cambiar", resource.dataset);
    return Json::object({{"resource_id", one.resource}}).dump();
}

std::string resource_view_reorder(Ask& ask) {
    ask.need_user("edit resource view");
    const auto resource = resource_to_edit(ask, asked_id(ask), "edit resource view");
    const auto order = ask.args.list("order");
    if (order.empty()) throw missing("order");
    int place = 0;
    for (const auto& id : order)
        if (ask.tx
                .exec(
                    "UPDATE open_data_resource_view SET position = $3::int WHERE id::text = $1 AND resource = $2::uuid",
                    id, resource.id, place++)
                .affected() == 0)
            throw invalid(Json::object({{"order", "View " + id.substr(0, 100) + " is not in resource"}}));
    ask.tx.exec(
        "UPDATE open_data_resource_view SET position = position + $3::int WHERE resource = $1::uuid AND NOT id::text = ANY($2::text[])",
        resource.id, text_array(order), place);
    Json given = Json::array();
    for (const auto& id : order) given.push_back(id);
    return Json::object({{"id", resource.id}, {"order", std::move(given)}}).dump();
}

std::string resource_view_clear(Ask& ask) {
    ask.need_writer("clear resource views");
    const auto kinds = ask.args.list("view_types");
    ask.tx.exec(
        "DELETE FROM open_data_resource_view WHERE $1::text[] = '{}' OR view ->> 'view_type' = ANY($1::text[])",
        text_array(kinds));
    note_change(ask, "open-data.borrar", "resource_view");
    return "null";
}

// The portal's own pages show each resource: it has no views that it would make by itself.
std::string no_default_views(Ask& ask) {
    ask.need_writer("create resource view");
    return "[]";
}

}  // namespace

std::vector<Action> resource_view_actions() {
    return {
        {"resource_view_list", resource_view_list, false, "id", "Return the views of a resource."},
        {"resource_view_show", resource_view_show, false, "id", "Return a view of a resource."},
        {"resource_view_create", resource_view_create, true, view_parameters, "Add a view to a resource."},
        {"resource_view_update", resource_view_update, true, view_parameters, "Change a view of a resource."},
        {"resource_view_delete", resource_view_delete, true, "id", "Delete a view of a resource."},
        {"resource_view_reorder", resource_view_reorder, true, "id order",
         "Put the views of a resource in another order."},
        {"resource_view_clear", resource_view_clear, true, "view_types",
         "Delete the views of all resources."},
        {"resource_create_default_resource_views", no_default_views, true,
         "resource package create_datastore_views", "Return no views: none are made by themselves."},
        {"package_create_default_resource_views", no_default_views, true, "package create_datastore_views",
         "Return no views: none are made by themselves."}};
}

}  // namespace open_data::ckan
