// Each kind of block as pieces for the flow.
#pragma once

#include "plugins/evidence/factory/flow.hpp"
#include "plugins/evidence/factory/make.hpp"
#include "plugins/evidence/factory/text.hpp"

#include <algorithm>
#include <utility>

namespace evidence::factory {

/// Cells side by side that no page break divides, unless they are taller than a page.
struct Row {
    struct Cell {
        Tag tag;
        Lines lines;
        double x;
    };
    std::vector<Cell> cells;
    double before = 0, above = 0, below = 0;  ///< space: outside, and inside over and under the lines
    bool keep = false;
    std::vector<Tag> opens;  ///< before the first cell
    int closes = 0;          ///< how many after the last one
    std::function<void(cairo_t*, double y, double height)> behind;
    std::shared_ptr<const Repeated> repeated;
};

class Blocks {
public:
    Blocks(const Typesetter& typesetter, Flow& flow, Colour accent)
        : typesetter_(typesetter), flow_(flow), accent_(accent) {}

    void add(const std::vector<Block>&);
    const std::vector<Place>& signatures() const { return signatures_; }

private:
    struct Spot {
        double x = margin, before = 0, above = 0, below = 0;
        bool keep = false;
        std::function<void(Paper&, double y)> opening, closing;
        std::function<void(cairo_t*, double y, double height)> behind;
    };
    void add(const Heading&, bool keep);
    void add(const Paragraph&, bool keep);
    void add(const List&, bool keep);
    void add(const Table&, bool keep);
    void add(const Definitions&, bool keep);
    void add(const Note&, bool keep);
    void add(const PageBreak&, bool keep);
    void add(const Image&, bool keep);
    void add(const SignatureSpace&, bool keep);

    /// The space above a block: what it asks for, or more where the one before it has edges.
    double space_above(double wanted) { return std::max(wanted, std::exchange(edge_, 0)); }
    void lines(const Tag&, const Lines&, const Spot&);
    void row(const Row&);
    Style body() const { return {typesetter_.families().text, 11, false, false, ink_, Align::left, 1.32}; }
    Style small(bool bold = false) const {
        return {typesetter_.families().titles, 9, bold, false, ink_, Align::left, 1.25};
    }

    const Typesetter& typesetter_;
    Flow& flow_;
    Colour accent_;
    Colour ink_{0.1, 0.1, 0.1};
    double edge_ = 0;
    std::vector<Place> signatures_;
};

}  // namespace evidence::factory
