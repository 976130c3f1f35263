// A page as whoever takes something out of it has to see it.
#pragma once

#include "plugins/evidence/copying/extract.hpp"

namespace evidence::copying {

inline constexpr int preview_dpi = 80;

struct Preview {
    std::string png;  ///< at preview_dpi, under a grid in millimetres from the upper left corner; what is
                      ///< taken out shows through red
};

/// Both parse hostile input, and `preview` runs Poppler on it: where time and memory are limited. Pages count
/// from 1; no_such_page where there is none.
concejo::Result<Preview, NotCopied> preview(std::string_view pdf, int page, const std::vector<Area>&);
/// `asked`, which none means all.
concejo::Result<std::vector<int>, NotCopied> pages_there(std::string_view pdf, const std::vector<int>& asked);

}  // namespace evidence::copying
