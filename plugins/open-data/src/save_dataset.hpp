// What staff, commands and the API do with a dataset.
#pragma once

#include "metadata.hpp"

namespace open_data {

/// A draft with that title, of the municipality itself; its name follows from the title and is free.
Dataset create_dataset(const Portal&, Catalogue&, concejo::Transaction&, const std::string& title,
                       std::string name = {});

/// What a harvester would refuse of it, and what would be better otherwise.
std::vector<dcat::Problem> problems_of(const Portal&, const Dataset&);
std::string text_of(const concejo::Call&, const dcat::Problem&);

/// False, and nothing changed, where there are errors in what problems_of() says.
bool publish_dataset(const Portal&, Catalogue&, concejo::Transaction&, Dataset);
/// It stays in the catalogue, as withdrawn, with the reason; its files and rows are not offered any more.
void withdraw_dataset(const Portal&, Catalogue&, concejo::Transaction&, Dataset, const std::string& reason);

}  // namespace open_data
