// The witnesses of this log: who they are and what they think of it.
#pragma once

#include "publication_log.hpp"

namespace evidence {

struct Witnessing {
    log::VerifierKey key;
    std::string address;  ///< submission prefix
};

/// modulos.evidence.testigos. Throws Error{invalid} for a key that is no witness's.
std::vector<Witnessing> witnesses_of(const concejo::Json& settings);

/// What is wrong according to witnesses, in the call's language: a log that they saw larger, or with another
/// past. One sentence each.
std::vector<std::string> complaints(const concejo::Call&, concejo::Transaction&);

}  // namespace evidence
