#pragma once

#include "datastore_table.hpp"

namespace open_data::ckan {

Action datastore_search_action();

}  // namespace open_data::ckan
