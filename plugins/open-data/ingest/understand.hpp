// A file that nobody has described: encoding, dialect, header and types, from all of it.
#pragma once

#include "plugins/open-data/ingest/recipe.hpp"
#include "plugins/open-data/ingest/source.hpp"

namespace open_data::ingest {

/// Reads the file once, in constant memory. No columns: there is nothing in it. Throws Error{invalid} for a
/// broken container.
Recipe understand(const Source&);

/// The same, with what is already known: the recipe's container and layout stay, the columns' types are told
/// anew.
void tell_types(const Source&, Recipe&);

}  // namespace open_data::ingest
