// A route's pattern, cut in segments, and how two of them may clash.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kernel::http {

struct Pattern {
    enum class Kind { fixed, param, rest };
    struct Segment {
        Kind kind;
        std::string text;  ///< the fixed text, or the parameter's name
    };
    std::vector<Segment> segments;

    /// Throws concejo::Error (invalid) naming what is wrong.
    static Pattern parse(std::string_view text);

    bool ends_in_rest() const noexcept;
    bool same_shape(const Pattern& other) const;  ///< equal but for the names of parameters
    bool overlaps(const Pattern& other) const;    ///< some path matches both
};

/// Segments of a path; empty ones (duplicate or trailing slashes) do not count.
std::vector<std::string_view> path_segments(std::string_view path);

}  // namespace kernel::http
