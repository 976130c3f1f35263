#include "plugins/evidence/factory/canvas.hpp"

#include <concejo/error.hpp>

#include <cairo-pdf.h>
#include <fmt/format.h>

namespace evidence::factory {
namespace {

cairo_status_t append_to(void* file, const unsigned char* data, unsigned size) {
    static_cast<std::string*>(file)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Canvas::Canvas(double width, double height)
    : surface_(cairo_pdf_surface_create_for_stream(append_to, &file_, width, height)),
      cairo_(cairo_create(surface_)) {
    cairo_pdf_surface_restrict_to_version(surface_, CAIRO_PDF_VERSION_1_4);
    // Cairo's own would be the clock's.
    cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
}

Canvas::~Canvas() {
    cairo_destroy(cairo_);
    cairo_surface_destroy(surface_);
}

void Canvas::size(double width, double height) { cairo_pdf_surface_set_size(surface_, width, height); }

void Canvas::check() const {
    auto status = cairo_status(cairo_);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface_);
    if (status != CAIRO_STATUS_SUCCESS)
        throw concejo::Error(concejo::ErrorKind::internal, cairo_status_to_string(status));
}

int Canvas::outline(int above, const std::string& title, int page, double y) {
    check();
    return cairo_pdf_surface_add_outline(surface_, above, title.c_str(),
                                         fmt::format("page={} pos=[0 {:.2f}]", page, y).c_str(),
                                         CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

std::string Canvas::finish() {
    cairo_surface_finish(surface_);
    check();
    return std::move(file_);
}

}  // namespace evidence::factory
