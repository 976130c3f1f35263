// The catalogues of others that a municipality gathers, as its configuration says them.
#pragma once

#include "dataset.hpp"
#include "plugins/open-data/harvest/item.hpp"

namespace open_data {

struct Source {
    std::string name, title, address;
    bool ckan = false;
    std::string interval;                                ///< of PostgreSQL: "1 day"
    std::string organization, organization_title, dir3;  ///< organization: empty: the municipality's own
    std::string sector, license;
    std::vector<std::string> only;
    int rounds = 3;
    bool publish = true;
    std::string said;  ///< all of it: another text, and everything is read again
};

std::vector<Source> sources_of(const Json& settings);
std::optional<Source> source_called(const Json& settings, std::string_view name);
harvest::Terms terms_of(const Source&);

}  // namespace open_data
