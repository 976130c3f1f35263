// Who follows what. Only tokens do, here: who they are is told to themselves, how many there are to everybody.
#include "ckan_access.hpp"
#include "ckan_show.hpp"

namespace open_data::ckan {
namespace {

/// dataset, organization or group, and which; a group may be either of the last two, as in CKAN.
struct Followed {
    std::string kind, id;
};

Followed need_followed(Ask& ask, const std::string& kind) {
    const auto id = asked_id(ask);
    if (kind == "dataset") return {"dataset", need_package(ask, id).id};
    if (kind == "group")
        if (const auto found = ask.catalogue.organization(id, "group"); found && found->state == "active")
            return {"group", found->id};
    return {"organization", need_organization(ask, id, "organization").id};
}

void need_self(Ask& ask) {
    ask.need_writer("follow");
    const auto own = Show(ask).user();
    const auto id = asked_id(ask);
    if (id != own.string_or("id", "") && id != own.string_or("name", "")) throw not_found();
}

std::string follow(Ask& ask, const std::string& kind) {
    ask.need_writer("follow");
    const auto followed = need_followed(ask, kind);
    const auto made = ask.tx.exec(
        "INSERT INTO open_data_ckan_follower (follower, kind, object) VALUES ($1, $2, $3::uuid) ON CONFLICT DO NOTHING RETURNING open_data_written(since)",
        ask.portal.by(), followed.kind, followed.id);
    if (made.empty())
        throw invalid("message", "You are already following " + ask.args.text("id").substr(0, 100));
    return Json::object({{"follower_id", stable_id("user", ask.portal.by())},
                         {"object_id", followed.id},
                         {"datetime", made[0].text(0)}})
        .dump();
}

std::string unfollow(Ask& ask, const std::string& kind) {
    ask.need_writer("unfollow");
    const auto followed = need_followed(ask, kind);
    if (ask.tx
            .exec("DELETE FROM open_data_ckan_follower WHERE follower = $1 AND object = $2::uuid",
                  ask.portal.by(), followed.id)
            .affected() == 0)
        throw not_found("You are not following " + ask.args.text("id").substr(0, 100) + ".");
    return "null";
}

bool follows(Ask& ask, const Followed& followed) {
    return !ask.tx
                .exec("SELECT FROM open_data_ckan_follower WHERE follower = $1 AND object = $2::uuid",
                      ask.portal.by(), followed.id)
                .empty();
}

std::string am_following(Ask& ask, const std::string& kind) {
    ask.need_writer("see what you follow");
    return follows(ask, need_followed(ask, kind)) ? "true" : "false";
}

std::string follower_count(Ask& ask, const std::string& kind) {
    return std::to_string(followers_of(ask, need_followed(ask, kind).id));
}

std::string follower_list(Ask& ask, const std::string& kind) {
    ask.need_writer("list followers");
    Json list = Json::array();
    if (follows(ask, need_followed(ask, kind))) list.push_back(Show(ask).user());
    return list.dump();
}

constexpr const char* of_kind =
    " FROM open_data_ckan_follower WHERE follower = $1 AND ($2 = '' OR kind = $2)";

std::string followee_count(Ask& ask, const std::string& kind) {
    need_self(ask);
    return ask.tx.exec(std::string("SELECT count(*)") + of_kind, ask.portal.by(), kind)[0].text(0);
}

/// The thing itself where one kind is asked for; with its kind beside it where all are.
std::string followee_list(Ask& ask, const std::string& kind) {
    need_self(ask);
    Show show(ask);
    Json list = Json::array();
    const auto rows =
        ask.tx.exec(std::string("SELECT kind, object") + of_kind + " ORDER BY since, object LIMIT 1000",
                    ask.portal.by(), kind);
    for (const auto row : rows) {
        Json view;
        const auto type = row.text(0);
        if (type == "dataset") {
            if (const auto dataset = ask.catalogue.find(row.text(1))) view = show.package(*dataset);
        } else if (const auto group = ask.catalogue.organization(row.text(1), type)) {
            view = show.organization(*group);
        }
        if (view.is_null()) continue;  // it was deleted for ever
        const auto name =
            view.string_or("title", "").empty() ? view.string_or("name", "") : view.string_or("title", "");
        list.push_back(kind.empty()
                           ? Json::object({{"type", type}, {"display_name", name}, {"dict", std::move(view)}})
                           : std::move(view));
    }
    return list.dump();
}

// Nobody else is there to be followed.
std::string follow_nobody(Ask& ask) {
    need_self(ask);
    throw invalid("message", "You cannot follow yourself");
}
std::string no_user(Ask& ask) {
    need_self(ask);
    throw not_found("You are not following " + ask.args.text("id").substr(0, 100) + ".");
}
template <const char* Answer>
std::string for_self(Ask& ask) {
    need_self(ask);
    return Answer;
}
constexpr char none[] = "0", empty[] = "[]", no[] = "false";

}  // namespace

std::int64_t followers_of(Ask& ask, const std::string& object) {
    return ask.tx.exec("SELECT count(*) FROM open_data_ckan_follower WHERE object = $1::uuid", object)[0]
        .integer(0);
}

std::vector<Action> follower_actions() {
    return {
        {"follow_dataset", [](Ask& ask) { return follow(ask, "dataset"); }, true, "id", "Follow a dataset."},
        {"follow_group", [](Ask& ask) { return follow(ask, "group"); }, true, "id",
         "Follow a group or an organization."},
        {"follow_user", follow_nobody, true, "id", "Refused: there are no users to follow."},
        {"unfollow_dataset", [](Ask& ask) { return unfollow(ask, "dataset"); }, true, "id",
         "Follow a dataset no longer."},
        {"unfollow_group", [](Ask& ask) { return unfollow(ask, "group"); }, true, "id",
         "Follow a group or an organization no longer."},
        {"unfollow_user", no_user, true, "id", "There are no users to follow."},
        {"am_following_dataset", [](Ask& ask) { return am_following(ask, "dataset"); }, false, "id",
         "Return whether the token follows a dataset."},
        {"am_following_group", [](Ask& ask) { return am_following(ask, "group"); }, false, "id",
         "Return whether the token follows a group or an organization."},
        {"am_following_user", for_self<no>, false, "id", "Return false."},
        {"dataset_follower_count", [](Ask& ask) { return follower_count(ask, "dataset"); }, false, "id",
         "Return how many follow a dataset."},
        {"group_follower_count", [](Ask& ask) { return follower_count(ask, "group"); }, false, "id",
         "Return how many follow a group."},
        {"organization_follower_count", [](Ask& ask) { return follower_count(ask, "organization"); }, false,
         "id", "Return how many follow an organization."},
        {"user_follower_count", for_self<none>, false, "id", "Return 0."},
        {"dataset_follower_list", [](Ask& ask) { return follower_list(ask, "dataset"); }, false, "id",
         "Return the token where it follows a dataset."},
        {"group_follower_list", [](Ask& ask) { return follower_list(ask, "group"); }, false, "id",
         "Return the token where it follows a group."},
        {"organization_follower_list", [](Ask& ask) { return follower_list(ask, "organization"); }, false,
         "id", "Return the token where it follows an organization."},
        {"user_follower_list", for_self<empty>, false, "id", "Return nobody."},
        {"followee_count", [](Ask& ask) { return followee_count(ask, ""); }, false, "id",
         "Return how much the token follows."},
        {"dataset_followee_count", [](Ask& ask) { return followee_count(ask, "dataset"); }, false, "id",
         "Return how many datasets the token follows."},
        {"organization_followee_count", [](Ask& ask) { return followee_count(ask, "organization"); }, false,
         "id", "Return how many organizations the token follows."},
        {"group_followee_count", [](Ask& ask) { return followee_count(ask, "group"); }, false, "id",
         "Return how many groups the token follows."},
        {"user_followee_count", for_self<none>, false, "id", "Return 0."},
        {"followee_list", [](Ask& ask) { return followee_list(ask, ""); }, false, "id q",
         "Return what the token follows."},
        {"dataset_followee_list", [](Ask& ask) { return followee_list(ask, "dataset"); }, false, "id",
         "Return the datasets that the token follows."},
        {"organization_followee_list", [](Ask& ask) { return followee_list(ask, "organization"); }, false,
         "id", "Return the organizations that the token follows."},
        {"group_followee_list", [](Ask& ask) { return followee_list(ask, "group"); }, false, "id",
         "Return the groups that the token follows."},
        {"user_followee_list", for_self<empty>, false, "id", "Return nobody."}};
}

}  // namespace open_data::ckan
