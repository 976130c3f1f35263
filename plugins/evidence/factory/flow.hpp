// Where on which page each piece of a document goes.
#pragma once

#include "plugins/evidence/factory/paper.hpp"

#include <memory>

namespace evidence::factory {

/// What is drawn again at the head of a page that begins amid a table.
struct Repeated {
    double height;
    std::function<void(cairo_t*, double y)> draw;
};

/// What no page break divides.
struct Piece {
    double before = 0;  ///< space above; none at the head of a page
    double height = 0;
    bool keep = false;  ///< on the same page as the next one
    std::function<void(Paper&, double y)> draw;
    std::shared_ptr<const Repeated> repeated;
};

class Flow {
public:
    /// `first_top` on the first page, `top` on the others; in points from the page's upper edge.
    Flow(Paper& paper, double first_top, double top, double bottom)
        : paper_(paper), top_(top), bottom_(bottom), y_(first_top) {}

    double room() const { return bottom_ - top_; }  ///< what a whole page holds
    /// Pieces are drawn in order, as soon as it is known on which page.
    void add(Piece);
    /// The next piece begins a page.
    void break_page();
    /// What was kept for a next piece that does not come.
    void flush();

private:
    void make_room(const Piece& first, double height);
    void next_page();

    Paper& paper_;
    double top_, bottom_, y_;
    bool fresh_ = true;  // nothing on this page yet
    std::vector<Piece> pending_;
};

}  // namespace evidence::factory
