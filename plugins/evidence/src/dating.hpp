// Timestamps: from the municipality's authorities, or outside production from its own.
#pragma once

#include "office.hpp"

namespace evidence {

struct Stamp {
    std::string token, authority;  ///< TimeStampToken, DER; the name of who gave it
};

/// Nothing where there is nobody to ask. Asks servers: not while a transaction is open. Throws
/// Error{unavailable} where none of them answers.
std::optional<Stamp> stamp_of(const concejo::Call&, const Office&, const crypto::Digest& imprint);

}  // namespace evidence
