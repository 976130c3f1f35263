// Who sees what, with the refusals that CKAN gives: a private dataset is forbidden, a draft is not there.
#pragma once

#include "ckan_action.hpp"

namespace open_data::ckan {

/// What is to be seen at all; `doing`: "read package ID".
void need_sight(const Ask&, const Dataset&, const std::string& doing);
Dataset need_package(Ask&, const std::string& name_or_id);
/// `what`: how the refusal names it, "Resource" as datastore_search does or empty.
std::pair<Dataset, Resource> need_resource(Ask&, const std::string& id);
Organization need_organization(Ask&, const std::string& name_or_id, const std::string& kind);
/// Of `id`, as most actions are asked; "Missing value" else.
std::string asked_id(const Ask&, const char* key = "id");

}  // namespace open_data::ckan
