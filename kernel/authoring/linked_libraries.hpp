// Whether the libraries that a file links are on this machine.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kernel::authoring {

/// Those that are not, each as "libx.so.1". Asks the system's dynamic linker to look them up (as ldd does):
/// none is run. Throws Error{unavailable} where there is no such linker or it refuses the file.
std::vector<std::string> missing_libraries(const std::filesystem::path& file);

}  // namespace kernel::authoring
