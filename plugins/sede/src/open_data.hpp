// The board as a dataset of the open-data portal, where the municipality has it.
#pragma once

#include <concejo/plugin.hpp>

namespace sede {

void register_open_data(concejo::Kernel&);

/// What everybody sees of the board changes at that instant (Unix seconds), or as the transaction commits.
void board_changed(const concejo::Call&, concejo::Transaction&, std::int64_t at);

}  // namespace sede
