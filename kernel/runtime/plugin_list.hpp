// The plugins that there are, as the command line and the page of plugins tell them.
#pragma once

#include "kernel/runtime/configuration.hpp"

#include <concejo/json.hpp>

namespace kernel::runtime {

/// [{id, active, folder, version, sdk, toolchain, requires, optional, provides, problems}]: `active` in some
/// municipality; version, sdk and toolchain null where the file cannot be read, which is a problem too. Reads
/// the plugins' files, runs none of them.
concejo::Json plugin_list(const Configuration& configuration);

}  // namespace kernel::runtime
