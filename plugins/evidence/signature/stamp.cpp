#include "plugins/evidence/signature/stamp.hpp"

#include "plugins/evidence/crypto/openssl.hpp"
#include "plugins/evidence/pdf/qpdf.hpp"

#include <concejo/error.hpp>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

namespace evidence::signature {
namespace {

using crypto::Owned;

cairo_status_t append(void* out, const unsigned char* data, unsigned size) {
    static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
}

void draw(cairo_t* cairo, double width, double height, const std::vector<std::string>& lines) {
    constexpr double margin = 3;
    cairo_set_line_width(cairo, 0.5);
    cairo_rectangle(cairo, 0.25, 0.25, width - 0.5, height - 0.5);
    cairo_stroke(cairo);
    std::string text;
    for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
    const Owned<PangoLayout, g_object_unref> layout(pango_cairo_create_layout(cairo));
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    pango_layout_set_width(layout.get(), static_cast<int>((width - 2 * margin) * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    for (double size = 9; size >= 3; size -= 0.5) {
        const Owned<PangoFontDescription, pango_font_description_free> font(
            pango_font_description_from_string("DejaVu Sans"));
        pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
        pango_layout_set_font_description(layout.get(), font.get());
        int high = 0;
        pango_layout_get_size(layout.get(), nullptr, &high);
        if (high <= (height - 2 * margin) * PANGO_SCALE) break;
    }
    cairo_move_to(cairo, margin, margin);
    pango_cairo_show_layout(cairo, layout.get());
}

/// One page of the stamp's size.
std::string page_with(double width, double height, const std::vector<std::string>& lines) {
    std::string file;
    auto* surface = cairo_pdf_surface_create_for_stream(append, &file, width, height);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
    auto* cairo = cairo_create(surface);
    draw(cairo, width, height, lines);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    const auto status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        throw concejo::Error(concejo::ErrorKind::internal, cairo_status_to_string(status));
    return file;
}

}  // namespace

QPDFObjGen add_stamp(pdf::Update& update, const Stamp& stamp) {
    const auto& r = stamp.rectangle;
    const double width = r[2] - r[0], height = r[3] - r[1];
    if (!(width >= 10 && height >= 10 && width <= 2000 && height <= 2000))
        throw concejo::Error(concejo::ErrorKind::invalid, "El sello visible no tiene sitio");
    const auto file = page_with(width, height, stamp.lines);
    auto drawn = QPDF::create();
    drawn->processMemoryFile("stamp", file.data(), file.size());
    QPDFPageObjectHelper page(drawn->getAllPages().at(0));
    auto form = drawn->makeIndirectObject(page.getFormXObjectForPage(false));
    form.getDict().removeKey("/Group");  // transparency: PDF/A-1 has none, and the stamp needs none
    auto& document = update.document().qpdf();
    document.setImmediateCopyFrom(true);
    drawn->setImmediateCopyFrom(true);  // the stamp's file ends with this function
    return update.add_reachable(document.copyForeignObject(form));
}

}  // namespace evidence::signature
