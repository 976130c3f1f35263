// What belongs to organisations and groups. Datasets do; people are the municipality's own affair, and are managed there.
#include "ckan_access.hpp"
#include "ckan_show.hpp"
#include "ckan_sql.hpp"
#include "ckan_values.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

Organization need_container(Ask& ask) {
    const auto id = asked_id(ask);
    if (auto found = ask.catalogue.organization(id, "organization"); found && found->state == "active")
        return std::move(*found);
    return need_organization(ask, id, "group");
}

Failure people_are_elsewhere(const Ask& ask) {
    return of_type(403, "Authorization Error",
                   "Access denied: User " + ask.user() +
                       " not authorized to manage users: the municipality's staff does it in its own pages");
}

std::string no_people(Ask& ask) { throw people_are_elsewhere(ask); }

std::string member_list(Ask& ask) {
    const auto container = need_container(ask);
    Json list = Json::array();
    const auto kind = ask.args.text("object_type");
    if (kind.empty() || kind == "package") {
        const bool group = container.kind == "group";
        const auto rows = ask.tx.exec(
            std::string("SELECT d.id FROM open_data_dataset d WHERE ") + seen_by_all + " AND " +
                (group ? "d.meta -> 'groups' ? $1" : "d.organization = $1::uuid") + " ORDER BY d.name",
            group ? container.name : container.id);
        for (const auto row : rows) list.push_back(Json::array({row.text(0), "package", "public"}));
    }
    if (ask.writer && (kind.empty() || kind == "user"))
        list.push_back(Json::array({stable_id("user", ask.portal.by()), "user", "Admin"}));
    return list.dump();
}

/// The dataset that is to belong to the group or not to, and its groups without it.
std::pair<Dataset, Json> asked_member(Ask& ask, const Organization& group, const char* doing) {
    ask.need_writer(doing);
    if (ask.args.need("object_type") != "package") throw people_are_elsewhere(ask);
    if (group.kind != "group")
        throw invalid("id", "A dataset belongs to one organization: use package_owner_org_update");
    auto dataset = need_package(ask, ask.args.need("object"));
    Json others = Json::array();
    if (dataset.meta["groups"].is_array())
        for (const auto& one : dataset.meta["groups"].as_array())
            if (one != Json(group.name)) others.push_back(one);
    return {std::move(dataset), std::move(others)};
}

std::string member_create(Ask& ask) {
    const auto group = need_container(ask);
    auto [dataset, groups] = asked_member(ask, group, "edit group");
    groups.push_back(group.name);
    dataset.meta["groups"] = std::move(groups);
    ask.catalogue.update(dataset);
    note_change(ask, "open-data.cambiar", dataset.id);
    return Json::object(
               {{"id", stable_id(group.id, dataset.id)},
                {"group_id", group.id},
                {"table_name", "package"},
                {"table_id", dataset.id},
                {"capacity", ask.args.text("capacity").empty() ? "public" : ask.args.text("capacity")},
                {"state", "active"}})
        .dump();
}

std::string member_delete(Ask& ask) {
    const auto group = need_container(ask);
    auto [dataset, groups] = asked_member(ask, group, "edit group");
    dataset.meta["groups"] = std::move(groups);
    ask.catalogue.update(dataset);
    note_change(ask, "open-data.cambiar", dataset.id);
    return "null";
}

std::string member_roles_list(Ask& ask) {
    Json list = Json::array({Json::object({{"text", "Admin"}, {"value", "admin"}})});
    if (ask.args.text("group_type") != "group")
        list.push_back(Json::object({{"text", "Editor"}, {"value", "editor"}}));
    list.push_back(Json::object({{"text", "Member"}, {"value", "member"}}));
    return list.dump();
}

std::string group_list_authz(Ask& ask) {
    Json list = Json::array();
    if (!ask.writer) return list.dump();
    Show show(ask);
    for (const auto& one : ask.catalogue.organizations("group")) list.push_back(show.organization(one));
    return list.dump();
}

std::string group_package_show(Ask& ask) {
    const auto group = need_organization(ask, asked_id(ask), "group");
    const auto rows =
        ask.tx.exec(std::string("SELECT d.id FROM open_data_dataset d WHERE ") + seen_by_all +
                        " AND d.meta -> 'groups' ? $1 ORDER BY d.modified_at DESC LIMIT $2::bigint",
                    group.name, std::min<std::int64_t>(ask.args.natural("limit").value_or(1000), 1000));
    std::vector<std::string> ids;
    for (const auto row : rows) ids.push_back(row.text(0));
    return Show(ask).packages(ask.catalogue.find_all(ids)).dump();
}

}  // namespace

std::vector<Action> member_actions() {
    std::vector<Action> all{
        {"member_list", member_list, false, "id object_type capacity",
         "Return the datasets of an organization or group."},
        {"member_create", member_create, true, "id object object_type capacity",
         "Put a dataset into a group."},
        {"member_delete", member_delete, true, "id object object_type", "Take a dataset out of a group."},
        {"member_roles_list", member_roles_list, false, "group_type",
         "Return the roles that members may have."},
        {"group_list_authz", group_list_authz, false, "available_only am_member",
         "Return the groups that the token may change."},
        {"group_package_show", group_package_show, false, "id limit", "Return the datasets of a group."}};
    for (const auto* name : {"group_member_create", "group_member_delete", "organization_member_create",
                             "organization_member_delete", "user_create", "user_update", "user_patch",
                             "user_delete", "user_invite"})
        all.push_back(
            {name, no_people, true, "", "Refused: people are managed in the municipality's own pages."});
    return all;
}

}  // namespace open_data::ckan
