// Pages of other catalogues as items.
#pragma once

#include "item.hpp"
#include "triples.hpp"

namespace open_data::harvest {

/// DCAT (DCAT-AP-ES, DCAT-AP, NTI-RISP) with hydra's paging.
Page read_dcat(const Triples& triples, const Terms& terms);

/// The answer of CKAN's package_search. Throws Error{invalid} where it is none.
Page read_ckan(const Json& answer, const Terms& terms);

}  // namespace open_data::harvest
