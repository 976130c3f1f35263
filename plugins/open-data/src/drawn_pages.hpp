// Pages as they were drawn, for as long as what they were drawn of is what it was: each is found by that, so there is
// nothing to drop. The kernel's cache drops a municipality's pages with each change, and each minute.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace open_data {

/// Thread-safe. Those shown last stay.
class DrawnPages {
public:
    using View = std::shared_ptr<const std::string>;  ///< JSON

    explicit DrawnPages(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    /// Null where there is none.
    View find(std::string_view of);
    /// The same view. Not kept where `of` is empty.
    View keep(std::string of, std::string view);

private:
    struct Page {
        std::string of;
        View view;
        std::size_t bytes() const { return of.size() + view->size(); }
    };

    const std::size_t most_bytes_;
    std::mutex mutex_;
    std::list<Page> pages_;  ///< the last shown first
    std::unordered_map<std::string_view, std::list<Page>::iterator> by_what_;
    std::size_t bytes_ = 0;
};

}  // namespace open_data
