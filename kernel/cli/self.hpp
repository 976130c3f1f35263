// Other commands of this same program, run as children: so that no plugin's code enters the process that
// asks.
#pragma once

#include <string>
#include <vector>

namespace kernel::cli {

/// Runs `concejo ARGUMENTS` with `input` as its stdin and our stderr. Answers its stdout.
/// Throws Error{conflict} for exit code 1 and Error{internal} for any other failure.
std::string run_program(const std::string& program, const std::vector<std::string>& arguments,
                        const std::string& input = {});
std::string run_self(const std::vector<std::string>& arguments, const std::string& input = {});

}  // namespace kernel::cli
