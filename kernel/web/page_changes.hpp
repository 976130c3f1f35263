// Whose pages have changed: told at once to every process of a node. Other nodes hear of it by NOTIFY.
#pragma once

#include "kernel/web/shared_counters.hpp"

#include <functional>
#include <string_view>

namespace kernel::web {

class PageChanges {
public:
    /// `file` is shared by all processes of the node; without one, or where it cannot be made, only this one knows.
    explicit PageChanges(const std::filesystem::path& file) : counters_(file, 4096) {}

    void add(std::string_view tenant) noexcept { counters_.add(slot(tenant)); }
    /// Grows with each change. Two municipalities may share a counter, and then drop their pages together.
    std::uint64_t count(std::string_view tenant) const noexcept { return counters_.count(slot(tenant)); }

private:
    std::size_t slot(std::string_view tenant) const noexcept {
        return std::hash<std::string_view>{}(tenant) % counters_.size();
    }
    SharedCounters counters_;
};

}  // namespace kernel::web
