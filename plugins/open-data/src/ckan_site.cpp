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
    if (!action) throw not_found("Action name not known: " + name.substr(0, 200));
    std::string text = action->help;
    if (*action->parameters) text += std::string("\n\nParameters: ") + action->parameters;
    return Json(text).dump();
}

std::string license_list(Ask&) { return license_records().dump(); }

std::string user_list(Ask& ask) {
    ask.need_writer("list users");
    Json list = Json::array();
    if (ask.args.flag("all_fields", true)) list.push_back(Show(ask).user());
    else list.push_back(ask.user());
    return list.dump();
}

std::string user_show(Ask& ask) {
    ask.need_writer("see users");
    const auto own = Show(ask).user();
    const auto id = ask.args.text("id");
    if (!id.empty() && id != own.string_or("id", "") && id != own.string_or("name", "")) throw not_found();
    return own.dump();
}

// Tokens are an administrator's to give: one that could make others would never end.
std::string no_tokens(Ask& ask) {
    throw of_type(403, "Authorization Error", "Access denied: User " + ask.user() + " not authorized to manage API tokens. They are made by `concejo token create`");
}

}  // namespace

std::vector<Action> site_actions() {
    return {{"site_read", site_read, false, "", "Return true."},
            {"status_show", status_show, false, "", "Return what the site is: title, address, version of the API."},
            {"help_show", help_show, false, "name", "Return the help of an action."},
            {"license_list", license_list, false, "", "Return the licences that a dataset may have."},
            {"user_list", user_list, false, "q order_by all_fields", "Return who the token is, to a token that writes."},
            {"user_show", user_show, false, "id include_datasets include_num_followers include_password_hash", "Return who the token is, to a token that writes."},
            {"api_token_create", no_tokens, true, "user name", "Refused: tokens are made by `concejo token create`."},
            {"api_token_list", no_tokens, false, "user user_id", "Refused: see `concejo token list`."},
            {"api_token_revoke", no_tokens, true, "token jti", "Refused: see `concejo token revoke`."}};
}

}  // namespace open_data::ckan
