// `concejo <plugin> <verb>`.
#pragma once

#include "kernel/plugins/services.hpp"

struct concejo_cli;

namespace kernel::plugins {

/// Throws concejo::Error with the plugin's text.
void run_command(Services&, const Command&, Scope&, const concejo::Json& arguments, concejo_cli&);

}  // namespace kernel::plugins
