// What happens to a dataset that somebody follows, noted in the transaction in which it happens: a mail tells
// it.
#pragma once

#include "dataset.hpp"

#include <concejo/db.hpp>

namespace open_data {

/// Everybody sees it now, and did not before.
void note_publication(concejo::Transaction&, const Dataset&);
/// New rows or a new file, of one that everybody sees.
void note_version(concejo::Transaction&, const Dataset&);
/// Nobody sees it any more: its followers are told, and follow it no longer.
void note_withdrawal(concejo::Transaction&, const Dataset&);

}  // namespace open_data
