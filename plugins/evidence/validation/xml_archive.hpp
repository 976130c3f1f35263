// What an archive timestamp of XAdES is of.
#pragma once

#include "plugins/evidence/xml/document.hpp"

#include <optional>

namespace evidence::validation {

/// The octets that `stamp`, a property of `signature`, is over (EN 319 132-1 §5.5.2); `references`: what each
/// reference hashes. Nothing where its place or its canonical form is another than that section's.
std::optional<std::string> archived_octets(const xml::Document&, xmlNode* signature, xmlNode* stamp,
                                           const std::vector<std::string>& references);

}  // namespace evidence::validation
