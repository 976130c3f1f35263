// Datasets that other modules keep alive: open-data:1, as include/concejo/services/open_data.hpp asks for it.
#pragma once

#include "plugins/open-data/ingest/recipe.hpp"
#include "portal.hpp"

namespace open_data {

/// What became of a refresh: "loaded" (a version more), "same", "withdrawn" (somebody withdrew the dataset:
/// nothing is done), "off" (the municipality does not want modules' data). In the caller's transaction.
/// Throws Error{invalid} for a declaration that is wrong.
std::string refresh_live_dataset(const concejo::Call&, concejo::Transaction&, const Json& declaration);

/// How the client's file is read: it is of its own making, so nothing has to be guessed. Throws
/// Error{invalid} for columns that are none.
ingest::Recipe recipe_of_declaration(const Json&);

void register_live_datasets(concejo::Kernel&);

}  // namespace open_data
