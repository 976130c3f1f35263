// What lets who holds the paper check it: the CSV, its address and a QR code of it, side by side.
#pragma once

#include "plugins/evidence/factory/text.hpp"

namespace evidence::factory {

/// Throws concejo::Error{invalid} where the URL is empty, longer than 300 bytes or not printable ASCII, or
/// there is no CSV, and where all of it takes more than 150 points of height.
class Strip {
public:
    /// `width` in points; `side` is the QR code's.
    Strip(const Typesetter&, const Verification&, double width, double side);
    double height() const { return height_; }
    /// With `tags`, as elements of the document. The right of its first two lines stays free.
    void draw(cairo_t*, Tags* tags, double x, double y) const;

private:
    void draw_code(cairo_t*, double x, double y) const;

    std::string url_;
    double side_, height_ = 0;
    int modules_ = 0;
    std::string code_;  ///< a byte for each module, row by row; 1 is dark
    std::vector<Lines> lines_;
};

/// The page's number, small, at the right end of a line of `width`.
void draw_page_label(cairo_t*, const Typesetter&, const std::string& label, double x, double y, double width,
                     double size = 8);

/// `pattern` with {page} and {pages} in their place.
std::string page_label(const std::string& pattern, std::size_t page, std::size_t pages);

}  // namespace evidence::factory
