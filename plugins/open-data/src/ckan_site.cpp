// What the site is, and what everybody asks it first.
#include "ckan_licenses.hpp"
#include "ckan_show.hpp"

namespace open_data::ckan {
namespace {

constexpr const char* spoken_version = "2.10.10";  ///< whose answers these are

std::string site_read(Ask&) { return "true"; }

std::string status_show(Ask& ask) {
    const auto& place = ask.portal.municipality;
    return Json::object({{"site_title", place.string_or("name", "")},
                         {"site_description", ""},
                         {"site_url", ask.portal.home()},
                         {"error_emails_to", ""},
                         {"locale_default", place.string_or("default_language", "es")},
                         {"extensions", Json::array({"datastore"})},
                         {"ckan_version", spoken_version}})
        .dump();
}

std::string help_show(Ask& ask) {
    const auto name = ask.args.need("name");
    const auto* action = find_action(name);
    const bool off = name == "datastore_search_sql" && !ask.portal.settings.bool_or("sql", false);
    if (!action || off) throw not_found("Action name not known: " + name.substr(0, 200));
    std::string text = action->help;
    if (*action->parameters) text += std::string("\n\nParameters: ") + action->parameters;
    return Json(text).dump();
}

std::string license_list(Ask&) { return license_records().dump(); }

std::string user_list(Ask& ask) {
    ask.need_writer("list users");
    Json list = Json::array();
    if (ask.args.flag("all_fields", true))
        list.push_back(Show(ask).user());
    else
        list.push_back(ask.user());
    return list.dump();
}

/// What the token made last, drafts and private ones too: they are its own.
Json datasets_of_user(Ask& ask, Show& show) {
    const auto rows = ask.tx.exec(
        "SELECT id FROM open_data_dataset WHERE created_by = $1 AND state <> 'deleted' ORDER BY created_at DESC, id LIMIT 50",
        ask.portal.by());
    std::vector<std::string> ids;
    for (const auto row : rows) ids.push_back(row.text(0));
    return show.packages(ask.catalogue.find_all(ids));
}

std::string user_autocomplete(Ask& ask) {
    ask.need_writer("list users");
    const auto letters = ask.args.need("q");
    const auto own = Show(ask).user();
    Json list = Json::array();
    if (own.string_or("name", "").find(letters) != std::string::npos)
        list.push_back(
            Json::object({{"id", own["id"]}, {"name", own["name"]}, {"fullname", own["fullname"]}}));
    return list.dump();
}

std::string user_show(Ask& ask) {
    ask.need_writer("see users");
    Show show(ask);
    auto own = show.user();
    const auto id = ask.args.text("id");
    if (!id.empty() && id != own.string_or("id", "") && id != own.string_or("name", "")) throw not_found();
    if (ask.args.flag("include_num_followers", false))
        own["num_followers"] = 0;  // tokens follow; nobody follows one
    if (ask.args.flag("include_datasets", false)) own["datasets"] = datasets_of_user(ask, show);
    return own.dump();
}

}  // namespace

std::vector<Action> site_actions() {
    return {{"site_read", site_read, false, "", "Return true."},
            {"status_show", status_show, false, "",
             "Return what the site is: title, address, version of the API."},
            {"help_show", help_show, false, "name", "Return the help of an action."},
            {"license_list", license_list, false, "", "Return the licences that a dataset may have."},
            {"user_list", user_list, false, "q order_by all_fields",
             "Return who the token is, to a token that writes."},
            {"user_show", user_show, false, "id include_datasets include_num_followers include_password_hash",
             "Return who the token is, to a token that writes."},
            {"user_autocomplete", user_autocomplete, false, "q limit",
             "Return who the token is where its name has these letters, to a token that writes."}};
}

}  // namespace open_data::ckan
