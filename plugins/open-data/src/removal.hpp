// What leaves for good, with its rows, files, versions and seals: resources that were taken away, whole datasets.
#pragma once

#include "catalogue.hpp"

#include <concejo/call.hpp>

namespace open_data {

/// Offered no more, and what was sealed of it is exposed no more; its rows and files go in a moment, by a job.
void remove_resource(const concejo::Call&, concejo::Transaction&, const Resource&);

/// At once. Waits for whoever is reading its rows.
void purge_dataset(const concejo::Call&, concejo::Transaction&, const Dataset&);

/// Its id is free from now on, where it was taken away. Waits for readers.
void purge_if_removed(const concejo::Call&, concejo::Transaction&, std::string_view id);

/// The rows and files of the resources that were taken away. For a job: waits for readers.
void purge_removed(const concejo::Call&);

}  // namespace open_data
