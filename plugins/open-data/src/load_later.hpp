// Files that take long to load are kept at once and loaded by a job: people see the rows of before until
// then.
#pragma once

#include "load_file.hpp"

#include <concejo/plugin.hpp>

namespace open_data {

/// Longer ones would keep whoever sends them waiting, and a request that ends loads nothing.
inline constexpr std::uint64_t loaded_at_once = 20u << 20;  ///< bytes

/// Keeps the file in the caller's transaction and enqueues its load. A resource without a table offers the
/// file meanwhile.
Resource load_later(const concejo::Call&, concejo::Transaction&, Resource, const Incoming&,
                    const std::string& by);

/// How a load stands: {"state": "waiting" | "failed", "file_name", "text": for people}; null where none
/// waits.
Json load_state(const concejo::Call&, concejo::Transaction&, const Resource&);

/// A load that failed is tried again; nothing where none did.
void load_again(const concejo::Call&, concejo::Transaction&, Resource);

void register_loads(concejo::Kernel&);  ///< the jobs

}  // namespace open_data
