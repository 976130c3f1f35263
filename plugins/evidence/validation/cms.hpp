// Signatures in CMS: CAdES, detached or not, and those inside a PDF.
#pragma once

#include "plugins/evidence/validation/trust.hpp"

namespace evidence::validation {

/// What was signed, in pieces that follow each other.
using Content = std::vector<std::string_view>;

/// The report of the signer number `index` of `cms`, judged as at `moment` (or at the time that a good
/// timestamp of its own proves). Reasons only: the caller concludes.
SignatureReport judge_cms(std::string_view cms, std::size_t index, const Content& content, const Evidence&,
                          Moment moment, const Options&);

/// A CAdES file, with `content` where it is detached (nothing otherwise). Never throws for what the bytes
/// hold.
Report validate_cms(std::string_view cms, std::optional<std::string_view> content, const Options&);

}  // namespace evidence::validation
