// In which order plugins start: who provides a service before who requires it.
#pragma once

#include <string>
#include <vector>

namespace kernel::plugins {

struct Needs {
    std::string id;
    std::vector<std::string> requires_, optional,
        provides;  ///< "evidence:1"; kernel services ("db/1") are ignored
};

struct StartOrder {
    std::vector<std::string> ids;  ///< in order
    std::vector<std::pair<std::string, std::string>>
        impossible;  ///< id, why: service missing, cycle named, twice provided
};

/// A plugin whose need cannot be met is left out, and so is whoever needs it; the others start.
StartOrder start_order(const std::vector<Needs>&);

}  // namespace kernel::plugins
