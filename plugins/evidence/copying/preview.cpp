#include "plugins/evidence/copying/preview.hpp"

#include "plugins/evidence/copying/picture.hpp"
#include "plugins/evidence/copying/poppler.hpp"
#include "plugins/evidence/copying/source.hpp"

#include <concejo/error.hpp>

#include <cairo.h>

#include <numeric>

namespace evidence::copying {
namespace {

constexpr double pixels_in_mm = preview_dpi / 25.4;
constexpr int step = 10, labelled = 50;  // millimetres

using Surface = std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)>;
using Pen = std::unique_ptr<cairo_t, void (*)(cairo_t*)>;

Surface surface_of(const Picture& picture) {
    Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture.width, picture.height),
                    cairo_surface_destroy);
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        throw concejo::Error(concejo::ErrorKind::invalid, "página sin tamaño");
    cairo_surface_flush(surface.get());
    auto* bytes = cairo_image_surface_get_data(surface.get());
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
    const auto colour = [&](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(picture.rgb[at]));
    };
    for (std::size_t row = 0, at = 0; row < static_cast<std::size_t>(picture.height); ++row) {
        auto* pixel = reinterpret_cast<std::uint32_t*>(bytes + row * stride);
        for (int column = 0; column < picture.width; ++column, at += 3)
            *pixel++ = colour(at) << 16 | colour(at + 1) << 8 | colour(at + 2);
    }
    cairo_surface_mark_dirty(surface.get());
    return surface;
}

void line(cairo_t* pen, double x0, double y0, double x1, double y1) {
    cairo_move_to(pen, x0, y0);
    cairo_line_to(pen, x1, y1);
    cairo_stroke(pen);
}

void label(cairo_t* pen, double x, double y, int millimetres) {
    const auto text = std::to_string(millimetres);
    cairo_text_extents_t size;
    cairo_text_extents(pen, text.c_str(), &size);
    cairo_set_source_rgb(pen, 1, 1, 1);
    cairo_rectangle(pen, x, y, size.x_advance + 4, size.height + 4);
    cairo_fill(pen);
    cairo_set_source_rgb(pen, 0, 0.25, 0.6);
    cairo_move_to(pen, x + 2, y + 2 - size.y_bearing);
    cairo_show_text(pen, text.c_str());
}

void draw_grid(cairo_t* pen, int width, int height) {
    cairo_set_font_size(pen, 10);
    for (const bool across : {false, true}) {
        const double length = across ? height : width, other = across ? width : height;
        for (int at = step; at * pixels_in_mm < length; at += step) {
            const double place = std::floor(at * pixels_in_mm) + 0.5;
            cairo_set_line_width(pen, 1);
            cairo_set_source_rgba(pen, 0, 0.3, 0.7, at % labelled == 0 ? 0.55 : 0.2);
            across ? line(pen, 0, place, other, place) : line(pen, place, 0, place, other);
            if (at % labelled == 0) across ? label(pen, 0, place, at) : label(pen, place, 0, at);
        }
    }
}

void draw_area(cairo_t* pen, const Area& area) {
    const auto pixels = [](std::int64_t tenths) { return static_cast<double>(tenths) / 10 * pixels_in_mm; };
    cairo_rectangle(pen, pixels(area.x), pixels(area.y), pixels(area.width), pixels(area.height));
    cairo_set_source_rgba(pen, 0.8, 0, 0.1, 0.35);
    cairo_fill_preserve(pen);
    cairo_set_source_rgb(pen, 0.7, 0, 0.1);
    cairo_set_line_width(pen, 2);
    cairo_stroke(pen);
}

std::string png_of(cairo_surface_t* surface) {
    std::string png;
    const auto take = [](void* into, const unsigned char* bytes, unsigned count) {
        static_cast<std::string*>(into)->append(reinterpret_cast<const char*>(bytes), count);
        return CAIRO_STATUS_SUCCESS;
    };
    if (cairo_surface_write_to_png_stream(surface, take, &png) != CAIRO_STATUS_SUCCESS)
        throw concejo::Error(concejo::ErrorKind::internal, "la página no se puede escribir como imagen");
    return png;
}

}  // namespace

concejo::Result<Preview, NotCopied> preview(std::string_view pdf, int page, const std::vector<Area>& areas) {
    const auto source = Source::open(pdf);
    if (!source) return source.error();
    if (page < 1 || page > static_cast<int>(source->count())) return NotCopied::no_such_page;
    const auto picture = Picture::parse(Poppler(source->cropped()).picture(page, preview_dpi));
    if (!picture) return NotCopied::unreadable;
    const auto surface = surface_of(*picture);
    const Pen pen(cairo_create(surface.get()), cairo_destroy);
    draw_grid(pen.get(), picture->width, picture->height);
    for (const auto& area : areas) draw_area(pen.get(), area);
    return Preview{png_of(surface.get())};
}

concejo::Result<std::vector<int>, NotCopied> pages_there(std::string_view pdf,
                                                         const std::vector<int>& asked) {
    const auto source = Source::open(pdf);
    if (!source) return source.error();
    const auto count = static_cast<int>(source->count());
    if (!asked.empty())
        return asked.back() <= count ? concejo::Result<std::vector<int>, NotCopied>(asked)
                                     : NotCopied::no_such_page;
    std::vector<int> all(source->count());
    std::iota(all.begin(), all.end(), 1);
    return all;
}

}  // namespace evidence::copying
