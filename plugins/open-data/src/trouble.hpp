// What is done by itself and goes wrong: whoever answers for the portal's data (avisar_a) is written to once
// when it begins to fail, and once when it works again.
#pragma once

#include "portal.hpp"

namespace open_data {

struct Trouble {
    std::string what;   ///< "Catálogo «…»", in the municipality's language
    std::string error;  ///< why it fails; empty: it works
    std::string page;   ///< where staff see it: "/gestion/…"
};

/// In `tx`. Nothing where it goes on as it was.
void tell_of_trouble(const concejo::Call&, concejo::Transaction&, const Trouble&, bool failed_before);

}  // namespace open_data
