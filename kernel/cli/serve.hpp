// The server as a command starts it.
#pragma once

#include "kernel/cli/commands.hpp"

#include <functional>

namespace kernel::cli {

/// Until it is told to stop; answers the exit code. Throws concejo::Error when it cannot start.
int serve(Context&, const std::function<void(unsigned short port)>& on_ready);

}  // namespace kernel::cli
