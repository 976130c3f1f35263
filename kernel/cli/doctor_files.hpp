// What doctor says of the municipalities' files.
#pragma once

#include "kernel/cli/commands.hpp"
#include "kernel/config/installation.hpp"

namespace kernel::cli {

/// Answers how many there are; throws Error naming those that are missing or damaged. `read_all`: every byte
/// is read.
std::string examine_files(Context& context, const config::Installation& installation, bool read_all);

}  // namespace kernel::cli
