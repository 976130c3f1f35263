// The server as a command starts it.
#pragma once

#include "kernel/cli/commands.hpp"

#include <functional>

namespace kernel::cli {

/// Until it is told to stop; answers the exit code. Throws concejo::Error when it cannot start.
/// `safe`: with the plugins of `modo_seguro` alone.
int serve(Context&, const std::function<void(unsigned short port)>& on_ready, bool safe = false);

}  // namespace kernel::cli
