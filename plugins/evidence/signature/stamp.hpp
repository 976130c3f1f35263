// The visible part of a PDF signature: lines of text in a frame, with its font inside, so that PDF/A stays
// PDF/A.
#pragma once

#include "plugins/evidence/pdf/update.hpp"

#include <array>

namespace evidence::signature {

struct Stamp {
    int page = 0;                       ///< from 0
    std::array<double, 4> rectangle{};  ///< left, bottom, right, top, in points
    std::vector<std::string> lines;     ///< UTF-8; shrunk until they fit
};

/// A form XObject as large as the rectangle. Throws invalid where the rectangle holds nothing. Before any
/// `reserve`.
QPDFObjGen add_stamp(pdf::Update&, const Stamp&);

}  // namespace evidence::signature
