// Timestamps, from the authorities of the settings or, in development, from one's own.
#pragma once

#include "office.hpp"

#include "plugins/evidence/timestamp/client.hpp"

namespace evidence {

struct Stamp {
    std::string token, authority;
};

/// Asks over the network: not while a transaction is open. Nothing where there is nobody to ask; throws
/// Error{unavailable} where nobody answers.
std::optional<Stamp> stamp(const concejo::Call&, const timestamp::Imprint&);
/// The same, with the office at hand.
std::optional<Stamp> stamp_of(const concejo::Call&, const Office&, const timestamp::Imprint&);
/// Nothing, and a line in the record, where nobody answers: a seal without its date is worth more than none.
std::optional<Stamp> stamp_or_none(const concejo::Call&, const Office&, const timestamp::Imprint&);

}  // namespace evidence
