// The tract of a PDF that a signature covers (ISO 32000-1 §12.8.1), read strictly: all of a revision but the
// hole with the signature itself. Readers that are laxer show as signed what is not.
#pragma once

#include "plugins/evidence/pdf/document.hpp"
#include "plugins/evidence/validation/report.hpp"

namespace evidence::validation {

struct Coverage {
    std::size_t hole_begin = 0, hole_end = 0, end = 0;  ///< offsets in the file; `end`: the signed revision's
    std::string contents;         ///< the CMS, from the hole itself, without its padding
    std::vector<Reason> reasons;  ///< failed: nothing else may be concluded
    bool valid() const { return worst(reasons) != Verdict::failed; }
};

/// `value`: the signature dictionary.
Coverage coverage_of(std::string_view file, QPDFObjectHandle value);

/// Where the signed revision ends, everything after it is white space.
bool ends_there(std::string_view file, std::size_t end);

}  // namespace evidence::validation
