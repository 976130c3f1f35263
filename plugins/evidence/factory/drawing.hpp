// A picture of the model's, ready to be drawn: on white, in sRGB, without transparency.
#pragma once

#include "plugins/evidence/crypto/openssl.hpp"
#include "plugins/evidence/factory/document.hpp"

#include <cairo.h>

namespace evidence::factory {

class Drawing {
public:
    /// As large as fits in `width` by `height` points, its proportions kept. Throws concejo::Error{invalid}
    /// where the picture cannot be read or has more than 64 million points. SVGs become 600 dots an inch, at
    /// most 1800 a side; they load nothing from outside themselves.
    Drawing(const Picture&, double width, double height);
    double width() const { return width_; }
    double height() const { return height_; }
    const std::string& alt() const { return alt_; }
    void draw(cairo_t*, double x, double y, double scale = 1) const;

private:
    std::shared_ptr<cairo_surface_t> pixels_;
    std::string alt_;
    double width_ = 0, height_ = 0;
};

}  // namespace evidence::factory
