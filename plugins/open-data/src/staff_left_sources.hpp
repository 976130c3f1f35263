// What the staff's pages of sources say of those that left the configuration.
#pragma once

#include "portal.hpp"

namespace open_data {

inline constexpr const char* harvest_base = "/gestion/recoleccion";

/// {"table"}; null where there are none.
Json left_sources_view(const concejo::Request&, concejo::Transaction&);
/// The page of the one in the address. Throws Error{not_found}.
void show_left_source(const concejo::Request&, concejo::Reply&);

void register_staff_left_sources(concejo::Kernel&);

}  // namespace open_data
