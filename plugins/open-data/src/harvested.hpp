// Datasets that come from another catalogue: marked in their description, which is changed there and not
// here.
//
// meta.origin = {"source","uri","identifier","page","issued","modified","publisher": {"dir3","name"},
//                "contact": {"name","email","telephone","page"} | null, "languages",
//                "kept": its source left the configuration, and it stayed}
// and each resource's meta.origin =
// {"uri","access_url","download_url","license","availability","sha256","issued","modified"}.
#pragma once

#include "metadata.hpp"

namespace open_data {

inline bool is_harvested(const Dataset& dataset) { return dataset.meta["origin"].is_object(); }
/// Not those that stayed when their source left the configuration.
inline bool is_changed_there(const Dataset& dataset) {
    return is_harvested(dataset) && !dataset.meta["origin"].bool_or("kept", false);
}
/// Throws Error{conflict} for one that is changed where it comes from.
void need_own(const Dataset&);

/// With the identifiers, dates, publisher, contact and distributions that its source gives.
void describe_as_there(const Dataset&, dcat::Dataset&);

/// {"title","href"} of where it comes from; null for our own.
Json origin_view(const Portal&, const Dataset&);

}  // namespace open_data
