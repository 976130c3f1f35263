// Whether a PDF is the scan of a paper, as the NTI de digitalización (BOE-A-2011-13168) wants it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evidence::copying {

/// What is wrong with it: "unreadable", "encrypted", "not_a_scan" (a page without images), "low_resolution" (the best
/// image of a page has fewer than 200 pixels an inch). Runs Poppler; parses hostile input.
std::optional<std::string> why_no_scan(std::string_view pdf);

}  // namespace evidence::copying
