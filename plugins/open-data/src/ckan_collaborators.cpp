// Collaborators: whoever sees one dataset, changes it, or says who else may, without being let write the others.
#include "ckan_access.hpp"
#include "ckan_users.hpp"
#include "collaborators.hpp"

namespace open_data::ckan {
namespace {

void need_values(const Ask& ask, std::initializer_list<const char*> keys) {
    Json missing_ones = Json::object();
    for (const auto* key : keys)
        if (ask.args.text(key).empty()) missing_ones[key] = Json::array({"Missing value"});
    if (!missing_ones.empty()) throw invalid(std::move(missing_ones));
}

/// Where one is named. `called`: how CKAN's refusal begins.
Capacity asked_capacity(const Ask& ask, const char* called) {
    const auto text = ask.args.text("capacity");
    const auto capacity = parse_capacity(text);
    if (!text.empty() && capacity == Capacity::none)
        throw invalid(
            Json::object({{"message", std::string(called) + " must be one of \"admin, editor, member\""}}));
    return capacity;
}

Dataset managed_dataset(Ask& ask, const char* none, const char* doing) {
    auto found = ask.catalogue.find(asked_id(ask));
    if (!found) throw not_found(none);
    need_sight(ask, *found, "read package " + found->id);
    need_capacity(ask, found->id, doing, Capacity::admin);
    return std::move(*found);
}

std::string collaborator_create(Ask& ask) {
    constexpr const char* doing = "add collaborators to this dataset";
    ask.need_user(doing);
    need_values(ask, {"id", "user_id", "capacity"});
    const auto capacity = asked_capacity(ask, "Role");
    const auto dataset = managed_dataset(ask, "Dataset not found", doing);
    const auto user = find_user(nameable_users(ask), ask.args.text("user_id"));
    if (!user) throw not_found("User not found");
    const auto made = Collaborators(ask.request, ask.tx).name(dataset.id, user->by, capacity);
    return Json::object({{"package_id", dataset.id},
                         {"user_id", user->id()},
                         {"capacity", name(capacity)},
                         {"modified", made.since}})
        .dump();
}

/// One whose token has ended is taken away too.
std::string collaborator_delete(Ask& ask) {
    constexpr const char* doing = "remove collaborators from this dataset";
    ask.need_user(doing);
    need_values(ask, {"id", "user_id"});
    const auto dataset = managed_dataset(ask, "Package not found", doing);
    const auto asked = ask.args.text("user_id");
    Collaborators collaborators(ask.request, ask.tx);
    for (const auto& one : collaborators.of(dataset.id))
        if (User{one.name(), one.who}.is(asked)) {
            collaborators.remove(dataset.id, one.who);
            return "null";
        }
    if (!find_user(nameable_users(ask), asked)) throw not_found("User not found");
    throw not_found("User " + asked.substr(0, 100) + " is not a collaborator on this package");
}

std::string collaborator_list(Ask& ask) {
    constexpr const char* doing = "list collaborators from this dataset";
    ask.need_user(doing);
    const auto dataset = managed_dataset(ask, "Package not found", doing);
    const auto wanted = asked_capacity(ask, "Capacity");
    Json list = Json::array();
    for (const auto& one : Collaborators(ask.request, ask.tx).of(dataset.id))
        if (wanted == Capacity::none || one.capacity == wanted)
            list.push_back(Json::object({{"package_id", dataset.id},
                                         {"user_id", stable_id("user", one.who)},
                                         {"capacity", name(one.capacity)},
                                         {"modified", one.since}}));
    return list.dump();
}

std::string collaborator_list_for_user(Ask& ask) {
    constexpr const char* doing = "list the datasets of a collaborator";
    ask.need_user(doing);
    const auto user = find_user(seen_users(ask), asked_id(ask));
    if (!user && !ask.writer) throw ask.denied(doing);
    if (!user) throw not_found("User not found");
    Json list = Json::array();
    for (
        const auto row : ask.tx.exec(
            "SELECT dataset, capacity, open_data_written(modified_at) FROM open_data_collaborator WHERE who = $1 "
            "AND ($2 = '' OR capacity = $2) ORDER BY modified_at, dataset",
            user->by, name(asked_capacity(ask, "Capacity"))))
        list.push_back(Json::object(
            {{"package_id", row.text(0)}, {"capacity", row.text(1)}, {"modified", row.text(2)}}));
    return list.dump();
}

}  // namespace

std::vector<Action> collaborator_actions() {
    return {{"package_collaborator_create", collaborator_create, true, "id user_id capacity",
             "Make a user a collaborator of a dataset: member, editor or admin."},
            {"package_collaborator_delete", collaborator_delete, true, "id user_id",
             "Make a user a collaborator of a dataset no longer."},
            {"package_collaborator_list", collaborator_list, false, "id capacity",
             "Return the collaborators of a dataset."},
            {"package_collaborator_list_for_user", collaborator_list_for_user, false, "id capacity",
             "Return the datasets that a user collaborates on."}};
}

}  // namespace open_data::ckan
