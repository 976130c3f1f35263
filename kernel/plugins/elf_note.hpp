// Finds one note in a 64-bit ELF file without loading it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace kernel::plugins {

/// The note's content. Looks in the program headers (they survive strip) and then in the sections.
/// Throws Error{invalid}: not an ELF file, another class or machine, truncated, or no such note.
std::string read_elf_note(const std::filesystem::path& file, std::string_view name, std::uint32_t type);

}  // namespace kernel::plugins
