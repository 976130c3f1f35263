#include "drawn_pages.hpp"

namespace open_data {

DrawnPages::View DrawnPages::find(std::string_view of) {
    const std::lock_guard lock(mutex_);
    const auto found = by_what_.find(of);
    if (found == by_what_.end()) return nullptr;
    pages_.splice(pages_.begin(), pages_, found->second);
    return found->second->view;
}

DrawnPages::View DrawnPages::keep(std::string of, std::string given) {
    Page page{std::move(of), std::make_shared<const std::string>(std::move(given))};
    auto view = page.view;
    const std::lock_guard lock(mutex_);
    if (page.of.empty() || page.bytes() > most_bytes_ || by_what_.contains(page.of)) return view;
    bytes_ += page.bytes();
    pages_.push_front(std::move(page));
    by_what_.emplace(pages_.front().of, pages_.begin());
    for (; bytes_ > most_bytes_; pages_.pop_back()) {
        bytes_ -= pages_.back().bytes();
        by_what_.erase(pages_.back().of);
    }
    return view;
}

}  // namespace open_data
