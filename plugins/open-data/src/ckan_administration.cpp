// What CKAN lets its administrators do: here it is done in the staff's pages and on the command line, and a token is answered as
// somebody who may not.
#include "ckan_action.hpp"

namespace open_data::ckan {
namespace {

std::string not_administrator(Ask& ask) { throw ask.denied("administer the site"); }

constexpr const char* refused = "Refused: the site is administered in its own pages and on its command line.";

}  // namespace

std::vector<Action> administration_actions() {
    std::vector<Action> all;
    for (const auto* name :
         {"config_option_list", "config_option_show", "get_site_user", "job_list", "job_show"})
        all.push_back({name, not_administrator, false, "", refused});
    for (const auto* name :
         {"config_option_update", "datastore_function_create", "datastore_function_delete",
          "datastore_run_triggers", "job_cancel", "job_clear", "task_status_delete", "task_status_update",
          "task_status_update_many", "term_translation_update", "term_translation_update_many"})
        all.push_back({name, not_administrator, true, "", refused});
    return all;
}

}  // namespace open_data::ckan
