// What differs between two texts, line by line, as `diff -u` tells it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::base {

struct DiffLine {
    enum class Kind { same, removed, added };
    Kind kind = Kind::same;
    std::size_t before = 0, after = 0;  ///< line numbers from 1; 0 where it is not on that side
    std::string text;                   ///< without its line end
};

/// Lines that stand together: what changed, with what is around it.
struct DiffHunk {
    std::vector<DiffLine> lines;
};

/// `context`: lines shown around each change. Texts that are equal have no hunks. A line whose end alone differs
/// (\n, \r\n, none) counts as changed. Shortest for up to about two thousand changed lines on each side; beyond
/// that the whole middle is told as replaced.
std::vector<DiffHunk> diff_lines(std::string_view before, std::string_view after, std::size_t context = 3);

/// The hunks as text with "@@ -1,4 +1,5 @@" heads, without file names.
std::string unified(const std::vector<DiffHunk>& hunks);

}  // namespace kernel::base
