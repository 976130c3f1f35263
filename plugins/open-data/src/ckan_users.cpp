#include "ckan_users.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

std::string user_list(Ask& ask) {
    ask.need_user("list users");
    const auto letters = ask.args.text("q");
    const bool in_full = ask.args.flag("all_fields", true);
    Show show(ask);
    Json list = Json::array();
    for (const auto& one : seen_users(ask))
        if (one.name.find(letters) != std::string::npos)
            list.push_back(in_full ? show.user(one.name, one.by) : Json(one.name));
    return list.dump();
}

/// What was made in its name last, drafts and private ones too: they are its own.
Json datasets_of_user(Ask& ask, Show& show, const User& user) {
    const auto rows = ask.tx.exec(
        "SELECT id FROM open_data_dataset WHERE created_by = $1 AND state <> 'deleted' ORDER BY created_at DESC, id LIMIT 50",
        user.by);
    std::vector<std::string> ids;
    for (const auto row : rows) ids.push_back(row.text(0));
    return show.packages(ask.catalogue.find_all(ids));
}

std::string user_autocomplete(Ask& ask) {
    ask.need_user("list users");
    const auto letters = ask.args.need("q");
    const auto most = static_cast<std::size_t>(ask.args.natural("limit").value_or(20));
    Json list = Json::array();
    for (const auto& one : seen_users(ask))
        if (list.size() < most && one.name.find(letters) != std::string::npos)
            list.push_back(Json::object({{"id", one.id()}, {"name", one.name}, {"fullname", nullptr}}));
    return list.dump();
}

std::string user_show(Ask& ask) {
    ask.need_user("see users");
    const auto id = ask.args.text("id");
    const auto user = id.empty() ? own_user(ask) : find_user(seen_users(ask), id);
    if (!user) throw not_found();
    Show show(ask);
    auto view = show.user(user->name, user->by);
    if (ask.args.flag("include_num_followers", false))
        view["num_followers"] = 0;  // tokens follow; nobody follows one
    if (ask.args.flag("include_datasets", false)) view["datasets"] = datasets_of_user(ask, show, *user);
    return view.dump();
}

}  // namespace

User own_user(const Ask& ask) { return {ask.user(), ask.portal.by()}; }

std::vector<User> nameable_users(Ask& ask) {
    std::vector<User> all;
    for (auto& name : ask.request.token_names(ask.tx, may_collaborate)) {
        auto by = "token:" + name;
        all.push_back({std::move(name), std::move(by)});
    }
    auto own = own_user(ask);
    const auto place =
        std::find_if(all.begin(), all.end(), [&](const User& one) { return one.name >= own.name; });
    if (place == all.end() || place->by != own.by) all.insert(place, std::move(own));
    return all;
}

std::vector<User> seen_users(Ask& ask) {
    return ask.writer ? nameable_users(ask) : std::vector<User>{own_user(ask)};
}

std::optional<User> find_user(const std::vector<User>& users, const std::string& name_or_id) {
    const auto found =
        std::find_if(users.begin(), users.end(), [&](const User& one) { return one.is(name_or_id); });
    return found == users.end() ? std::nullopt : std::optional(*found);
}

std::vector<Action> user_actions() {
    return {{"user_list", user_list, false, "q order_by all_fields",
             "Return who the token is; to one that writes, who may be a collaborator too."},
            {"user_show", user_show, false, "id include_datasets include_num_followers include_password_hash",
             "Return who the token is; to one that writes, one that may be a collaborator too."},
            {"user_autocomplete", user_autocomplete, false, "q limit",
             "Return those of user_list whose name has these letters."}};
}

}  // namespace open_data::ckan
