#include "pdf.hpp"

#include <concejo/error.hpp>

#include <cairo/cairo-pdf.h>
#include <pango/pangocairo.h>

#include <memory>

namespace demo {
namespace {

constexpr double width = 595.28, height = 841.89, margin = 70, bottom = 780, column = width - 2 * margin;

class Page {
public:
    Page(const std::string& path, const Sheet& sheet)
        : sheet_(sheet),
          surface_(cairo_pdf_surface_create(path.c_str(), width, height)),
          cairo_(cairo_create(surface_)) {
        const auto set = [&](cairo_pdf_metadata_t what, const std::string& text) {
            cairo_pdf_surface_set_metadata(surface_, what, text.c_str());
        };
        set(CAIRO_PDF_METADATA_TITLE, sheet.title);
        set(CAIRO_PDF_METADATA_AUTHOR, sheet.author);
        set(CAIRO_PDF_METADATA_SUBJECT, sheet.kind + " " + sheet.reference);
        set(CAIRO_PDF_METADATA_CREATOR, "Concejo");
        set(CAIRO_PDF_METADATA_CREATE_DATE, sheet.created);
        cairo_tag_begin(cairo_, "Document", nullptr);
        header();
    }
    ~Page() {
        cairo_destroy(cairo_);
        cairo_surface_destroy(surface_);
    }
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

    /// `font` as Pango writes it; a paragraph goes on over pages line by line.
    void text(const std::string& words, const char* font, const char* tag, double before,
              PangoAlignment align = PANGO_ALIGN_LEFT, bool justify = false) {
        y_ += before;
        const auto layout = make(words, font, column);
        pango_layout_set_alignment(layout.get(), align);
        pango_layout_set_justify(layout.get(), justify);
        pango_layout_set_line_spacing(layout.get(), 1.25F);
        bool open = false;
        for (int n = 0; n < pango_layout_get_line_count(layout.get()); ++n) {
            PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), n);
            PangoRectangle box;
            pango_layout_line_get_extents(line, nullptr, &box);
            const double tall = pango_units_to_double(box.height) * 1.25;
            if (y_ + tall > bottom) {
                if (open) cairo_tag_end(cairo_, tag);
                open = false;
                next_page();
            }
            if (!open) cairo_tag_begin(cairo_, tag, nullptr);
            open = true;
            y_ += tall;
            double x = margin;
            if (align == PANGO_ALIGN_CENTER) x += (column - pango_units_to_double(box.width)) / 2;
            if (align == PANGO_ALIGN_RIGHT) x += column - pango_units_to_double(box.width);
            cairo_move_to(cairo_, x, y_);
            pango_cairo_show_layout_line(cairo_, line);
        }
        if (open) cairo_tag_end(cairo_, tag);
    }

    void space(double needed) {
        if (y_ + needed > bottom) next_page();
    }
    int finish() {
        footer();
        cairo_tag_end(cairo_, "Document");
        cairo_show_page(cairo_);
        cairo_surface_finish(surface_);
        const auto status = cairo_surface_status(surface_);
        if (status != CAIRO_STATUS_SUCCESS)
            throw concejo::Error(concejo::ErrorKind::internal, std::string("no se puede escribir el PDF: ") +
                                                                   cairo_status_to_string(status));
        return number_;
    }

private:
    using Layout = std::unique_ptr<PangoLayout, decltype(&g_object_unref)>;
    Layout make(const std::string& words, const char* font, double wide) {
        Layout layout(pango_cairo_create_layout(cairo_), &g_object_unref);
        const std::unique_ptr<PangoFontDescription, decltype(&pango_font_description_free)> description(
            pango_font_description_from_string(font), &pango_font_description_free);
        pango_layout_set_font_description(layout.get(), description.get());
        pango_layout_set_width(layout.get(), pango_units_from_double(wide));
        pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
        pango_layout_set_text(layout.get(), words.c_str(), static_cast<int>(words.size()));
        return layout;
    }
    void small(const std::string& words, double x, double y) {
        const auto layout = make(words, "Sans 8", column);
        cairo_move_to(cairo_, x, y);
        pango_cairo_show_layout(cairo_, layout.get());
    }
    void header() {
        cairo_set_source_rgb(cairo_, sheet_.red, sheet_.green, sheet_.blue);
        cairo_move_to(cairo_, margin, 42);  // a plain shield
        cairo_line_to(cairo_, margin + 26, 42);
        cairo_line_to(cairo_, margin + 26, 62);
        cairo_curve_to(cairo_, margin + 26, 72, margin + 13, 76, margin + 13, 78);
        cairo_curve_to(cairo_, margin + 13, 76, margin, 72, margin, 62);
        cairo_close_path(cairo_);
        cairo_fill(cairo_);
        cairo_rectangle(cairo_, margin, 86, column, 1.2);
        cairo_fill(cairo_);
        cairo_set_source_rgb(cairo_, 0.1, 0.1, 0.1);
        const auto name = make(sheet_.heading, "Serif Bold 12", column - 40);
        cairo_move_to(cairo_, margin + 38, 50);
        pango_cairo_show_layout(cairo_, name.get());
        y_ = 104;
    }
    void footer() { small(sheet_.reference + "  ·  " + std::to_string(number_), margin, 800); }
    void next_page() {
        footer();
        cairo_show_page(cairo_);
        ++number_;
        header();
    }

    const Sheet& sheet_;
    cairo_surface_t* surface_;
    cairo_t* cairo_;
    double y_ = 0;
    int number_ = 1;
};

}  // namespace

int write_pdf(const std::string& path, const Sheet& sheet) {
    Page page(path, sheet);
    page.text(sheet.kind, "Serif Bold 15", "P", 6, PANGO_ALIGN_CENTER);
    page.text(sheet.title, "Serif Bold 13", "H1", 10, PANGO_ALIGN_LEFT);
    for (const auto& paragraph : sheet.body) {
        const bool heading = paragraph.starts_with("# ");
        if (heading) page.space(60);
        page.text(heading ? paragraph.substr(2) : paragraph, heading ? "Serif Bold 11" : "Serif 11",
                  heading ? "H2" : "P", heading ? 12 : 8, PANGO_ALIGN_LEFT, !heading);
    }
    page.space(110);
    page.text(sheet.closing, "Serif 11", "P", 22);
    page.text(sheet.signer, "Serif Italic 11", "P", 26);
    return page.finish();
}

}  // namespace demo
