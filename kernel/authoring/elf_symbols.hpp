// What a shared library imports, exports and links, read from its bytes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kernel::authoring {

struct ElfSymbols {
    std::vector<std::string> exported;  ///< defined and visible to others
    std::vector<std::string> imported;  ///< taken from other libraries, without their versions
    std::vector<std::string> needed;    ///< "libstdc++.so.6"
};

/// Each list in order, without repetitions. Throws Error{invalid} where the file is no whole 64-bit ELF
/// library.
ElfSymbols read_elf_symbols(const std::filesystem::path& file);

}  // namespace kernel::authoring
