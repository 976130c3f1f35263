// What surrounds the text on every page: letterhead, rules, the strip with the CSV, the page's number.
#pragma once

#include "plugins/evidence/factory/drawing.hpp"
#include "plugins/evidence/factory/paper.hpp"
#include "plugins/evidence/factory/strip.hpp"

namespace evidence::factory {

class Frame {
public:
    /// Borrows both.
    Frame(const Typesetter&, const Document&);

    /// Where text may begin on the first page and on the others, and where it has to end; from the page's
    /// upper edge.
    double first_top() const { return first_top_; }
    double top() const { return top_; }
    double bottom() const { return bottom_; }

    /// The letterhead: of the document's own text, before anything else.
    void begin(Paper&) const;
    /// All that is known when the last page is: of each page, and on the last one of the document's own text.
    void finish(Paper&) const;

private:
    void draw_header(cairo_t*) const;

    const Typesetter& typesetter_;
    const Document& document_;
    std::optional<Drawing> shield_;
    std::optional<Strip> strip_;
    Lines name_, unit_, running_;
    double first_top_ = 0, top_ = 0, bottom_ = 0;
};

}  // namespace evidence::factory
