#include "kernel/plugins/run_command.hpp"

#include "kernel/plugins/call.hpp"

namespace kernel::plugins {

void run_command(Services& services, const Command& command, Scope& scope, const concejo::Json& arguments,
                 concejo_cli& terminal) {
    concejo_call call{&services, &scope, command.plugin};
    const auto text = arguments.dump();
    enter(call, [&] { return command.handler(command.context, &call, c_str(text), &terminal); });
}

}  // namespace kernel::plugins
