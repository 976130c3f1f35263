#include "drawn_pages.hpp"

namespace open_data {

DrawnPages::View DrawnPages::find(std::string_view of) {
    const std::lock_guard lock(mutex_);
    const auto found = by_what_.find(of);
    if (found == by_what_.end()) return nullptr;
    pages_.splice(pages_.begin(), pages_, found->second);
    return found->second->view;
}

DrawnPages::View DrawnPages::keep(std::string of, concejo::Json given) {
    const auto bytes = of.size() + given.dump().size();
    auto view = std::make_shared<const concejo::Json>(std::move(given));
    const std::lock_guard lock(mutex_);
    if (of.empty() || bytes > most_bytes_ || by_what_.contains(of)) return view;
    pages_.push_front({std::move(of), view, bytes});
    by_what_.emplace(pages_.front().of, pages_.begin());
    for (bytes_ += bytes; bytes_ > most_bytes_; pages_.pop_back()) {
        bytes_ -= pages_.back().bytes;
        by_what_.erase(pages_.back().of);
    }
    return view;
}

}  // namespace open_data
