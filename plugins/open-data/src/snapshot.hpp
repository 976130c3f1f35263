// A version that is cited: its file and its rows as CSV stay for ever, and are sealed where the municipality
// has what seals.
#pragma once

#include "version.hpp"

namespace open_data {

/// In a transaction of its own after the rows were written out. Throws Error{conflict} where it cannot be
/// cited: not public, erased, or written through the API.
void make_snapshot(const Portal&, const Dataset&, const Resource&, const Version&);

/// Dropping a table waits for whoever reads it: now, or at the next cleaning.
enum class Erase { all, table_later };

/// An older version's content goes, with the reason: only the hash, the figures and, where it was sealed,
/// what the log says stay.
void erase_version(const Portal&, concejo::Transaction&, const Resource&, const Version&,
                   const std::string& reason, Erase = Erase::all);

/// What was sealed of the versions of that dataset, or of that one resource, is exposed no more.
void withdraw_seals(const concejo::Call&, concejo::Transaction&, const std::string& id);

/// "Ayuntamiento de X (2026). Contratos menores. Versión 2, 26 de noviembre de 2026. https://…": as people
/// quote it.
std::string citation_of(const Portal&, const Dataset&, const Resource&, const Version&);

}  // namespace open_data
