// A document model in, a PDF/A-1b out (ISO 19005-1): A4, tagged, its fonts inside. The same model gives the
// same bytes as long as the system's fonts and libraries are the same ones.
#pragma once

#include "plugins/evidence/factory/document.hpp"

#include <array>

namespace evidence::factory {

/// Where something is: what signature::Stamp takes.
struct Place {
    int page = 0;  ///< from 0
    std::array<double, 4>
        rectangle{};  ///< left, bottom, right, top, in points from the page's lower left corner
};

struct Made {
    std::string pdf;
    int pages = 0;
    std::vector<Place> signatures;  ///< of each SignatureSpace, in order
};

/// Longer documents are refused.
inline constexpr int most_pages = 2000;

/// Throws concejo::Error{invalid} where the model cannot be drawn: no title, a language that is none, a
/// picture that cannot be read, a table without columns or with too many, a URL that fits no QR code, more
/// than `most_pages`. Safe from several threads at once. Pictures are parsed: those of strangers, in a
/// process of their own.
Made make(const Document&);

}  // namespace evidence::factory
