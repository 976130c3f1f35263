// Organisations and groups, read: one thing of two kinds.
#include "ckan_access.hpp"
#include "ckan_show.hpp"
#include "ckan_sql.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

constexpr int datasets_shown = 10;

using Order = bool (*)(const Organization&, const Organization&);

/// "title asc" and the like.
void sort_by(std::vector<Organization>& all, const std::string& wanted) {
    const auto words = words_of(wanted);
    if (words.empty()) return;
    const auto field = words[0];
    Order less = nullptr;
    if (field == "name") less = [](const Organization& a, const Organization& b) { return a.name < b.name; };
    if (field == "title")
        less = [](const Organization& a, const Organization& b) {
            return text_in(a.meta["title"], "es") < text_in(b.meta["title"], "es");
        };
    if (field == "package_count" || field == "packages")
        less = [](const Organization& a, const Organization& b) { return a.datasets < b.datasets; };
    if (!less) throw invalid("sort", "Cannot sort by field `" + std::string(field.substr(0, 100)) + "`");
    std::stable_sort(all.begin(), all.end(), less);
    // Those with most datasets first, unless somebody says otherwise.
    if (words.size() > 1 ? words[1] == "desc" : field == "packages") std::reverse(all.begin(), all.end());
}

std::string list_organizations(Ask& ask, const std::string& kind) {
    auto all = ask.catalogue.organizations(kind);
    const auto only = ask.args.list(kind == "group" ? "groups" : "organizations");
    if (!only.empty())
        std::erase_if(all, [&](const auto& one) {
            return std::find(only.begin(), only.end(), one.name) == only.end();
        });
    sort_by(all, ask.args.text("sort").empty() ? ask.args.text("order_by") : ask.args.text("sort"));
    const auto from =
        std::min<std::size_t>(all.size(), static_cast<std::size_t>(ask.args.natural("offset").value_or(0)));
    const auto most = static_cast<std::size_t>(ask.args.natural("limit").value_or(1'000'000));
    const bool in_full = ask.args.flag("all_fields", false);
    Show show(ask);
    Json list = Json::array();
    for (std::size_t i = from; i < all.size() && i - from < most; ++i)
        list.push_back(in_full ? show.organization(all[i]) : Json(all[i].name));
    return list.dump();
}

/// Its datasets that were changed last, as CKAN gives them here: without resources or tags.
Json datasets_of(Ask& ask, Show& show, const Organization& o) {
    Filter filter;
    filter.limit = datasets_shown;
    std::vector<Dataset> all;
    if (o.kind == "organization") {
        filter.organization = o.name;
        all = ask.catalogue.list(filter);
    } else {
        std::vector<std::string> ids;
        const auto rows =
            ask.tx.exec(std::string("SELECT d.id FROM open_data_dataset d WHERE ") + seen_by_all +
                            " AND d.meta -> 'groups' ? $1 ORDER BY d.modified_at DESC LIMIT $2::int",
                        o.name, datasets_shown);
        for (const auto row : rows) ids.push_back(row.text(0));
        all = ask.catalogue.find_all(ids);
    }
    auto list = show.packages(all);
    for (auto& view : list.as_array())
        std::erase_if(view.as_object(), [](const auto& member) {
            return member.first == "resources" || member.first == "tags";
        });
    return list;
}

std::string show_organization(Ask& ask, const std::string& kind) {
    const auto organization = need_organization(ask, asked_id(ask), kind);
    Show show(ask);
    auto view = show.organization_in_full(organization);
    const auto leave_out = [&](const char* key) {
        std::erase_if(view.as_object(), [&](const auto& member) { return member.first == key; });
    };
    if (ask.args.flag("include_datasets", false)) view["packages"] = datasets_of(ask, show, organization);
    for (const auto& [flag, key] : {std::pair{"include_extras", "extras"},
                                    {"include_users", "users"},
                                    {"include_groups", "groups"},
                                    {"include_tags", "tags"},
                                    {"include_dataset_count", "package_count"},
                                    {"include_followers", "num_followers"}})
        if (!ask.args.flag(flag, true)) leave_out(key);
    return view.dump();
}

std::string autocomplete(Ask& ask, const std::string& kind) {
    const auto wanted = "%" + like_escaped(ask.args.text("q")) + "%";
    const auto rows = ask.tx.exec(
        "SELECT id, name, meta #>> '{title,es}' FROM open_data_organization WHERE kind = $1 AND state = 'active' "
        "AND (name LIKE $2 OR ext.fold(coalesce(meta #>> '{title,es}', '')) LIKE ext.fold($2)) ORDER BY name LIMIT $3::bigint",
        kind, wanted, std::min<std::int64_t>(ask.args.natural("limit").value_or(20), 1000));
    Json list = Json::array();
    for (const auto row : rows)
        list.push_back(Json::object({{"id", row.text(0)}, {"name", row.text(1)}, {"title", row.text(2)}}));
    return list.dump();
}

std::string organizations_of_user(Ask& ask) {
    Json list = Json::array();
    if (!ask.writer) return list.dump();
    Show show(ask);
    for (const auto& one : ask.catalogue.organizations("organization")) {
        auto view = show.publisher(one);
        const auto title = view.string_or("title", "");
        view["capacity"] = "admin";
        view["display_name"] = title.empty() ? one.name : title;
        view["image_display_url"] = show.image_of(one);
        list.push_back(std::move(view));
    }
    return list.dump();
}

constexpr const char* list_parameters =
    "order_by sort limit offset groups organizations all_fields include_dataset_count include_extras include_tags include_groups include_users type";
constexpr const char* show_parameters =
    "id include_datasets include_dataset_count include_extras include_users include_groups include_tags include_followers";

}  // namespace

Organization need_organization(Ask& ask, const std::string& name_or_id, const std::string& kind) {
    auto found = ask.catalogue.organization(name_or_id, kind);
    if (!found || (found->state != "active" && !ask.writer)) throw not_found();
    return std::move(*found);
}

std::vector<Action> organization_actions() {
    return {
        {"organization_list", [](Ask& ask) { return list_organizations(ask, "organization"); }, false,
         list_parameters, "Return the organizations that publish."},
        {"organization_show", [](Ask& ask) { return show_organization(ask, "organization"); }, false,
         show_parameters, "Return an organization."},
        {"organization_autocomplete", [](Ask& ask) { return autocomplete(ask, "organization"); }, false,
         "q limit", "Return the organizations that have these letters."},
        {"organization_list_for_user", organizations_of_user, false, "id permission include_dataset_count",
         "Return the organizations that the token may publish for."},
        {"group_list", [](Ask& ask) { return list_organizations(ask, "group"); }, false, list_parameters,
         "Return the groups of datasets."},
        {"group_show", [](Ask& ask) { return show_organization(ask, "group"); }, false, show_parameters,
         "Return a group."},
        {"group_autocomplete", [](Ask& ask) { return autocomplete(ask, "group"); }, false, "q limit",
         "Return the groups that have these letters."}};
}

}  // namespace open_data::ckan
