// The municipality's seal inside a PDF (PAdES), so that any reader of PDF shows it.
#pragma once

#include "office.hpp"

#include "plugins/evidence/signature/pades.hpp"

#include <array>
#include <optional>
#include <vector>

namespace evidence {

struct SealShown {
    int page = 0;                       ///< from 0
    std::array<double, 4> rectangle{};  ///< left, bottom, right, top, in points
    std::vector<std::string> lines;
};

struct SealedPdf {
    std::string file;
    bool dated = false;  ///< with a timestamp: B-T at least
};

/// What the child made: {"pdf": base64, "begin", "end"}. Throws Error{internal} where there is no room in it.
signature::PdfHole hole_from(const concejo::Json&);

/// B-LTA: with a timestamp where somebody gives one and, where it is complete, with what proves that nobody
/// in its chains was revoked, and a timestamp over all of it. Nothing may be changed after it (DocMDP 1). The
/// PDF is read in a child. Asks servers: call it outside a transaction. Throws internal where the PDF cannot
/// be sealed.
SealedPdf seal_pdf(const concejo::Call&, const Office&, const std::string& pdf, const std::string& reason,
                   const std::optional<SealShown>& = {});

}  // namespace evidence
