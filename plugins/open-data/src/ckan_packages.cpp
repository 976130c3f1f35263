// Datasets, read.
#include "ckan_access.hpp"
#include "ckan_show.hpp"
#include "ckan_sql.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

constexpr std::int64_t most_packages = 1000;
constexpr std::int64_t some_packages = 10;

std::vector<std::string> texts_of(const concejo::Rows& rows) {
    std::vector<std::string> all;
    for (const auto row : rows) all.push_back(row.text(0));
    return all;
}

Json list_of(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const auto& one : texts) list.push_back(one);
    return list;
}

std::string package_list(Ask& ask) {
    Parameters parameters;
    const auto limit = ask.args.natural("limit"), offset = ask.args.natural("offset");
    const auto tail = page(parameters, limit.value_or(1'000'000), offset.value_or(0));
    return list_of(texts_of(ask.tx.exec_list(std::string("SELECT d.name FROM open_data_dataset d WHERE ") +
                                                 seen_by_all + " ORDER BY d.name" + tail,
                                             parameters.list)))
        .dump();
}

std::string package_show(Ask& ask) {
    const auto id = ask.args.text("id").empty() ? ask.args.text("name_or_id") : ask.args.text("id");
    if (id.empty()) throw missing("name_or_id");
    return Show(ask).package(need_package(ask, id)).dump();
}

std::string current_packages(Ask& ask) {
    Parameters parameters;
    const auto limit = ask.args.natural("limit"), offset = ask.args.natural("offset");
    const auto tail =
        page(parameters, std::min(limit.value_or(some_packages), most_packages), offset.value_or(0));
    const auto ids =
        texts_of(ask.tx.exec_list(std::string("SELECT d.id FROM open_data_dataset d WHERE ") + seen_by_all +
                                      " ORDER BY d.modified_at DESC, d.serial DESC" + tail,
                                  parameters.list));
    return Show(ask).packages(ask.catalogue.find_all(ids)).dump();
}

std::string package_autocomplete(Ask& ask) {
    const auto words = ask.args.text("q");
    const auto limit = std::min(ask.args.natural("limit").value_or(some_packages), most_packages);
    Json list = Json::array();
    const auto rows = ask.tx.exec(
        std::string(
            "SELECT d.name, d.meta #>> '{title,es}', d.name LIKE $1 FROM open_data_dataset d WHERE ") +
            seen_by_all +
            " AND (d.name LIKE $1 OR ext.fold(d.meta #>> '{title,es}') LIKE ext.fold($1)) ORDER BY d.name LIMIT $2::bigint",
        "%" + like_escaped(words) + "%", limit);
    for (const auto row : rows) {
        const auto title = row.view(1).empty() ? row.text(0) : row.text(1);
        const bool by_name = row.boolean(2);
        list.push_back(Json::object(
            {{"name", row.text(0)},
             {"title", title},
             {"match_field", by_name ? "name" : "title"},
             {"match_displayed",
              by_name || title == row.text(0) ? row.text(0) : title + " (" + row.text(0) + ")"}}));
    }
    return list.dump();
}

std::string format_autocomplete(Ask& ask) {
    const auto limit = std::min(ask.args.natural("limit").value_or(5), most_packages);
    return list_of(
               texts_of(ask.tx.exec(
                   std::string(
                       "SELECT lower(format) FROM (SELECT unnest(d.formats) AS format FROM open_data_dataset d WHERE ") +
                       seen_by_all +
                       ") f WHERE lower(format) LIKE lower($1) GROUP BY lower(format) ORDER BY count(*) DESC, 1 LIMIT $2::bigint",
                   "%" + like_escaped(ask.args.text("q")) + "%", limit)))
        .dump();
}

}  // namespace

std::string asked_id(const Ask& ask, const char* key) {
    auto id = ask.args.text(key);
    if (id.empty()) throw missing(key);
    return id;
}

Capacity capacity_in(Ask& ask, const std::string& dataset) {
    return ask.collaborator ? ask.catalogue.capacity(dataset, ask.portal.by()) : Capacity::none;
}

void need_capacity(Ask& ask, const std::string& dataset, std::string_view doing, Capacity least) {
    if (!ask.writer && capacity_in(ask, dataset) < least) throw ask.denied(doing);
}

void need_sight(Ask& ask, const Dataset& d, const std::string& doing) {
    if (ask.writer || d.visible() || capacity_in(ask, d.id) != Capacity::none) return;
    if (d.state == State::draft || d.state == State::review) throw not_found();
    throw ask.denied(doing);
}

Dataset need_package(Ask& ask, const std::string& name_or_id) {
    auto found = ask.catalogue.find(name_or_id);
    if (!found) throw not_found();
    need_sight(ask, *found, "read package " + found->id);
    return std::move(*found);
}

std::pair<Dataset, Resource> need_resource(Ask& ask, const std::string& id) {
    auto resource = ask.catalogue.resource(id);
    if (!resource) throw not_found();
    auto dataset = ask.catalogue.find(resource->dataset);
    if (!dataset) throw not_found();
    need_sight(ask, *dataset, "read resource " + resource->id);
    return {std::move(*dataset), std::move(*resource)};
}

std::vector<Action> package_actions() {
    return {{"package_list", package_list, false, "limit offset", "Return the names of the datasets."},
            {"package_show", package_show, false,
             "id name_or_id use_default_schema include_tracking include_plugin_data",
             "Return a dataset with its resources."},
            {"current_package_list_with_resources", current_packages, false, "limit offset page",
             "Return the datasets, those changed last first."},
            {"package_autocomplete", package_autocomplete, false, "q limit",
             "Return the datasets whose name or title has these letters."},
            {"format_autocomplete", format_autocomplete, false, "q limit",
             "Return the formats that have these letters."}};
}

}  // namespace open_data::ckan
