// Words for what the availability control found.
#pragma once

#include "availability.hpp"

namespace evidence {

std::string duration_text(const concejo::Call&, std::int64_t seconds);  ///< "2 d 3 h", "3 h 20 min", "45 s"
std::string witness_text(const concejo::Call&, const Constancia&, const Testigo&);
/// One line each, as {"label","text"}: for a citizen.
concejo::Json availability_lines(const concejo::Call&, const Constancia&);
std::string seen_text(const concejo::Call&, const std::optional<log::Seen>&);

}  // namespace evidence
