// Signatures of a PDF: what each covers, whether it is true, and what was changed after it.
#pragma once

#include "plugins/evidence/validation/cms.hpp"

namespace evidence::validation {

/// Never throws for what the bytes hold. Parses hostile input: run it where time and memory are limited.
Report validate_pdf(std::string_view file, const Options&);

}  // namespace evidence::validation
