// What leaves the municipality because of a suggestion: a mail to those who answer, and a copy for its
// incident system.
#pragma once

#include "sugerencia.hpp"

#include <concejo/plugin.hpp>

namespace buzon {

/// In the transaction that takes the suggestion: both go out only if that commits.
void announce(const concejo::Call& call, concejo::Transaction& tx, const Sugerencia& sugerencia);

/// How the copy is delivered: declared at the start.
void declare_copy(concejo::Kernel& kernel);

}  // namespace buzon
