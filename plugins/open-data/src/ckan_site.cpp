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

}  // namespace

std::vector<Action> site_actions() {
    return {{"site_read", site_read, false, "", "Return true."},
            {"status_show", status_show, false, "",
             "Return what the site is: title, address, version of the API."},
            {"help_show", help_show, false, "name", "Return the help of an action."},
            {"license_list", license_list, false, "", "Return the licences that a dataset may have."}};
}

}  // namespace open_data::ckan
