// Who sees what, with the refusals that CKAN gives: a private dataset is forbidden, a draft is not there.
#pragma once

#include "ckan_action.hpp"

namespace open_data::ckan {

/// What whoever asks may do with the dataset as its collaborator.
Capacity capacity_in(Ask&, const std::string& dataset);
/// What is to be seen at all; `doing`: "read package ID".
void need_sight(Ask&, const Dataset&, const std::string& doing);
/// Throws the refusal of `doing` where he neither writes everything nor has the capacity.
void need_capacity(Ask&, const std::string& dataset, std::string_view doing,
                   Capacity least = Capacity::editor);
Dataset need_package(Ask&, const std::string& name_or_id);
/// `what`: how the refusal names it, "Resource" as datastore_search does or empty.
std::pair<Dataset, Resource> need_resource(Ask&, const std::string& id);
Organization need_organization(Ask&, const std::string& name_or_id, const std::string& kind);
/// Of `id`, as most actions are asked; "Missing value" else.
std::string asked_id(const Ask&, const char* key = "id");

}  // namespace open_data::ckan
