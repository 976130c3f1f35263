#include "plugins/evidence/factory/paper.hpp"

#include "plugins/evidence/factory/make.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace evidence::factory {

Paper::Paper() : content_(page_width, page_height), behind_(1) { tags_.begin(ink(), {"Document", "", ""}); }

void Paper::next_page() {
    if (behind_.size() >= most_pages)
        throw concejo::Error(concejo::ErrorKind::invalid, "El documento pasa de 2.000 páginas");
    tags_.end_page(ink());
    content_.end_page();
    behind_.emplace_back();
}

Paper::Drawn Paper::finish() {
    tags_.end_page(ink());
    tags_.end(ink());
    content_.end_page();
    std::array<int, 4> last{};  // the last entry of each level; 0 is the root
    for (const auto& entry : outline_) {
        const auto level = static_cast<std::size_t>(entry.level);
        const int made = content_.outline(last[level - 1], entry.title, entry.page, entry.y);
        std::fill(last.begin() + entry.level, last.end(), made);
    }
    Canvas beneath(page_width, page_height);
    for (const auto& page : behind_) {
        for (const auto& draw : page) draw(beneath.cairo());
        beneath.end_page();
    }
    return {content_.finish(), beneath.finish()};
}

}  // namespace evidence::factory
