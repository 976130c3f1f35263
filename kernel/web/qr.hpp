// A QR code as an SVG file.
#pragma once

#include <string>
#include <string_view>

namespace kernel::web {

/// Dark modules on white whatever the page's colours: cameras need it. Throws concejo::Error (invalid) where
/// the text is too long for a QR code.
std::string qr_svg(std::string_view text);

}  // namespace kernel::web
