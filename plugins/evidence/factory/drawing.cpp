#include "plugins/evidence/factory/drawing.hpp"

#include "plugins/evidence/factory/text.hpp"

#include <concejo/error.hpp>

#include <librsvg/rsvg.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace evidence::factory {
namespace {

using Surface = crypto::Owned<cairo_surface_t, cairo_surface_destroy>;
constexpr double most_pixels = 64e6;
constexpr double svg_dots = 600.0 / 72, most_svg_side = 1800;  // dots a point; dots

[[noreturn]] void refuse_picture() {
    throw concejo::Error(concejo::ErrorKind::invalid, "La imagen no se puede leer: ha de ser PNG o SVG");
}

struct Unread {
    std::string_view bytes;
    static cairo_status_t read(void* self, unsigned char* into, unsigned size) {
        auto& rest = static_cast<Unread*>(self)->bytes;
        if (rest.size() < size) return CAIRO_STATUS_READ_ERROR;
        std::memcpy(into, rest.data(), size);
        rest.remove_prefix(size);
        return CAIRO_STATUS_SUCCESS;
    }
};

double big_endian(const std::string& bytes, std::size_t at) {
    double value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value * 256 + static_cast<unsigned char>(bytes[at + i]);
    return value;
}

Surface read_png(const std::string& bytes) {
    // The size is in the first chunk, before anything is decompressed.
    if (bytes.size() < 33 || big_endian(bytes, 16) * big_endian(bytes, 20) > most_pixels) refuse_picture();
    Unread unread{bytes};
    Surface surface(cairo_image_surface_create_from_png_stream(Unread::read, &unread));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) refuse_picture();
    return surface;
}

Surface white(double width, double height) {
    Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(width)),
                                               static_cast<int>(std::lround(height))));
    const crypto::Owned<cairo_t, cairo_destroy> cairo(cairo_create(surface.get()));
    cairo_set_source_rgb(cairo.get(), 1, 1, 1);
    cairo_paint(cairo.get());
    return surface;
}

using Svg = crypto::Owned<RsvgHandle, g_object_unref>;

Svg read_svg(const std::string& bytes) {
    Svg svg(rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(bytes.data()), bytes.size(), nullptr));
    if (!svg) refuse_picture();
    return svg;
}

/// Height by width.
double proportion(RsvgHandle* svg) {
    gboolean has_box = FALSE, has_width = FALSE, has_height = FALSE;
    RsvgRectangle box{};
    RsvgLength width{}, height{};
    rsvg_handle_get_intrinsic_dimensions(svg, &has_width, &width, &has_height, &height, &has_box, &box);
    gdouble wide = box.width, tall = box.height;
    if (!has_box && !rsvg_handle_get_intrinsic_size_in_pixels(svg, &wide, &tall)) refuse_picture();
    if (!(wide > 0 && tall > 0 && tall / wide < 100 && wide / tall < 100)) refuse_picture();
    return tall / wide;
}

}  // namespace

Drawing::Drawing(const Picture& picture, double width, double height) : alt_(clean(picture.alt)) {
    const auto fit = [&](double proportion) {
        width_ = std::min(width, height / proportion);
        height_ = width_ * proportion;
    };
    Surface flat;
    if (picture.bytes.starts_with("\x89PNG\r\n\x1a\n")) {
        const auto png = read_png(picture.bytes);
        const double wide = cairo_image_surface_get_width(png.get()),
                     tall = cairo_image_surface_get_height(png.get());
        fit(tall / wide);
        flat = white(wide, tall);
        const crypto::Owned<cairo_t, cairo_destroy> cairo(cairo_create(flat.get()));
        cairo_set_source_surface(cairo.get(), png.get(), 0, 0);
        cairo_paint(cairo.get());
    } else {
        const auto svg = read_svg(picture.bytes);
        fit(proportion(svg.get()));
        const double dots = std::min(svg_dots, most_svg_side / std::max(width_, height_));
        const RsvgRectangle all{0, 0, std::max(1.0, std::round(width_ * dots)),
                                std::max(1.0, std::round(height_ * dots))};
        flat = white(all.width, all.height);
        const crypto::Owned<cairo_t, cairo_destroy> cairo(cairo_create(flat.get()));
        if (!rsvg_handle_render_document(svg.get(), cairo.get(), &all, nullptr)) refuse_picture();
    }
    cairo_surface_flush(flat.get());
    pixels_.reset(flat.release(), cairo_surface_destroy);
}

void Drawing::draw(cairo_t* cairo, double x, double y, double scale) const {
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    cairo_scale(cairo, scale * width_ / cairo_image_surface_get_width(pixels_.get()),
                scale * height_ / cairo_image_surface_get_height(pixels_.get()));
    cairo_set_source_surface(cairo, pixels_.get(), 0, 0);
    // Not cairo_paint: recorded first on a page, Cairo 1.16 forgets the tags before it.
    cairo_rectangle(cairo, 0, 0, cairo_image_surface_get_width(pixels_.get()),
                    cairo_image_surface_get_height(pixels_.get()));
    cairo_fill(cairo);
    cairo_restore(cairo);
}

}  // namespace evidence::factory
