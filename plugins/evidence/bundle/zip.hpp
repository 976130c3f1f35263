// The one zip file that some named contents have: stored, no dates, no extra fields, no comments, nothing
// before, between or after. General zip readers accept many files as the same archive, and that is how a
// second document hides in one; this reader takes only what this writer writes (docs/evidencia-formato.md).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evidence::bundle {

constexpr std::size_t longest_bundle = std::size_t{64} << 20;  ///< bytes of the whole file
constexpr std::size_t most_files = 4096;
constexpr std::size_t longest_name = 80;  ///< bytes, ASCII

struct File {
    std::string_view name, bytes;
    bool operator==(const File&) const = default;
};

/// Throws concejo::Error{invalid} past the limits above, and for names outside A-Z a-z 0-9 . -
std::string write_zip(const std::vector<File>& files);

/// Views into `zip`. Nothing unless `zip` is exactly what write_zip makes of them; names may repeat.
std::optional<std::vector<File>> read_zip(std::string_view zip);

}  // namespace evidence::bundle
