// Licences: CKAN's short names and the codes of the EU's table, which is what the catalogue keeps where there is one.
#pragma once

#include <concejo/json.hpp>

#include <string>

namespace open_data::ckan {

/// What a dataset with this stored licence says of it in package_show.
struct LicenseView {
    std::string id, title, url;
    bool open = false;
};
LicenseView license_of(std::string_view stored);
/// "cc-by" → "CC_BY_4_0"; what is in no table stays as it is.
std::string stored_license(std::string_view id);
concejo::Json license_records();

}  // namespace open_data::ckan
