// What a plugin must not take from the C and C++ libraries, because the process is not its own.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace kernel::authoring {

struct ForbiddenImport {
    std::string_view symbol;   ///< as it stands in the file: C's name, or C++'s mangled one
    std::string_view written;  ///< as it is written in the source
    std::string_view reason;   ///< what it would do
    std::string_view instead;  ///< what to do
};

std::span<const ForbiddenImport> forbidden_imports();
/// Null for what is allowed. The variant for large files ("setrlimit64") counts as what it stands for.
const ForbiddenImport* why_forbidden(std::string_view symbol);

}  // namespace kernel::authoring
