// Pixels of a page: read from a PPM, blanked where something is taken out, put into a PDF.
#pragma once

#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/pdf/document.hpp"

#include <optional>

namespace evidence::copying {

/// Of a page as it is seen, in tenths of a millimetre from its upper left corner.
struct Area {
    std::int64_t x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Area&) const = default;
};

struct Picture {
    int width = 0, height = 0;
    std::string rgb;  ///< 3 · width · height bytes

    /// Nothing for what is no binary PPM of 8 bits.
    static std::optional<Picture> parse(std::string_view ppm);
    std::string ppm() const;
    /// Every pixel that the area touches becomes black, at `dpi`; what was there is gone.
    void blank(const Area&, int dpi);
    crypto::Digest digest() const { return crypto::sha256(ppm()); }
    /// A page of `file` that shows it at `dpi`; its image is "/Im0".
    QPDFObjectHandle page(QPDF& file, int dpi) const;
    /// The image of a page that `page` made.
    static std::optional<Picture> of_page(QPDFObjectHandle page);
};

}  // namespace evidence::copying
