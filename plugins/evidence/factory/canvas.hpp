// Pages of PDF 1.4 that Cairo draws into memory.
#pragma once

#include <cairo.h>

#include <string>

namespace evidence::factory {

class Canvas {
public:
    Canvas(double width, double height);  ///< in points
    ~Canvas();
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    cairo_t* cairo() { return cairo_; }
    void size(double width, double height);  ///< of the page that begins; before it is drawn on
    void end_page() { cairo_show_page(cairo_); }
    /// An entry of the reader's panel of contents, `page` from 1; gives what a deeper one says as `above`.
    /// After the last `end_page`. Throws internal where Cairo found an error: with one, Cairo 1.16 must not
    /// know any.
    int outline(int above, const std::string& title, int page, double y);
    /// The file. Once, after the last `end_page`. Throws internal where Cairo found an error.
    std::string finish();

private:
    void check() const;

    std::string file_;
    cairo_surface_t* surface_;
    cairo_t* cairo_;
};

}  // namespace evidence::factory
