// The catalogue in the words of DCAT: for harvesters, for the quality score, for what is wrong before publishing.
#pragma once

#include "plugins/open-data/dcat/mqa.hpp"
#include "plugins/open-data/dcat/problems.hpp"
#include "portal.hpp"

namespace open_data {

dcat::Catalog catalog_of(const Portal&);
dcat::Dataset described(const Portal&, const dcat::Catalog&, const Dataset&);

}  // namespace open_data
