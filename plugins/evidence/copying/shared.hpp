// Which pages are drawn, in part or wholly, by the same objects.
#pragma once

#include "plugins/evidence/pdf/document.hpp"

#include <set>

namespace evidence::copying {

/// SHA-256 of each content stream, image, form and pattern that draws the page, however deep; fonts are none of
/// them. Contents of less than 16 bytes (a "q" before everything) do not count.
std::set<std::string> drawn_by(QPDFObjectHandle page);

}  // namespace evidence::copying
