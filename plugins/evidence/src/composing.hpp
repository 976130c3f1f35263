// Documents that the municipality writes: a model of blocks becomes a PDF/A with its shield, its code and a QR on each
// page, and the seal inside.
#pragma once

#include "csv.hpp"
#include "office.hpp"

namespace evidence {

/// The call's own: the first part of its pages' paths.
std::string language_of(const concejo::Call&);

/// `model` (factory/json.hpp) has "title", "blocks" and, where they are not the usual, "subject", "language" and "unit"; the
/// rest is the municipality's. Sealed as PAdES where room was left for a signature, or unseen; with a timestamp where
/// somebody gives one. Drawn in a child: not while a transaction is open. Throws Error{invalid} for what is no model.
std::string compose(const concejo::Call&, const Office&, const Csv&, concejo::Json model);

}  // namespace evidence
