// The pages of a document while they are drawn: what it says, and beneath it what belongs to the page and not
// to the document (rules, fills, repeated headers), which assistive technology skips.
#pragma once

#include "plugins/evidence/factory/canvas.hpp"
#include "plugins/evidence/factory/tags.hpp"

#include <array>
#include <functional>

namespace evidence::factory {

/// A4, in points.
inline constexpr double page_width = 595.276, page_height = 841.89, margin = 70,
                        text_width = page_width - 2 * margin;

class Paper {
public:
    using Drawer = std::function<void(cairo_t*)>;

    Paper();
    cairo_t* ink() { return content_.cairo(); }
    Tags& tags() { return tags_; }
    std::size_t page() const { return behind_.size() - 1; }  ///< from 0
    /// Drawn when the document ends, beneath the text of that page.
    void behind(Drawer drawer) { behind_.back().push_back(std::move(drawer)); }
    void behind(std::size_t page, Drawer drawer) { behind_.at(page).push_back(std::move(drawer)); }
    /// Throws concejo::Error{invalid} where there are `most_pages` already.
    void next_page();
    /// A heading's place, for the reader's panel of contents. `level` from 1 to 3.
    void outline(int level, const std::string& title, double y) {
        outline_.push_back({level, title, static_cast<int>(page()) + 1, y});
    }

    struct Drawn {
        std::string content, behind;
    };
    Drawn finish();  ///< once

private:
    Canvas content_;
    Tags tags_;
    std::vector<std::vector<Drawer>> behind_;
    struct Entry {
        int level;
        std::string title;
        int page;
        double y;
    };
    std::vector<Entry> outline_;
};

}  // namespace evidence::factory
