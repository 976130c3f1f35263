// Resources whose file is on another server: it is asked for from time to time, and what changed becomes the
// next version.
#pragma once

#include "portal.hpp"

namespace open_data {

struct Pull {
    std::string url, every;                  ///< every: hour, day, week, month
    std::string outcome, error;              ///< outcome: loaded, same, failed; empty: not asked yet
    std::int64_t asked_at = 0, next_at = 0;  ///< Unix seconds; 0: not yet
    int failures = 0;                        ///< in a row
};

class Pulls {
public:
    explicit Pulls(concejo::Transaction& tx) : tx_(tx) {}
    std::optional<Pull> find(const std::string& resource);
    /// From now on; asked for at once.
    void save(const std::string& resource, const std::string& url, const std::string& every);
    void remove(const std::string& resource);
    /// Datasets with files whose last attempt failed: the dataset's id, and how many.
    std::vector<std::pair<std::string, int>> failing();

private:
    concejo::Transaction& tx_;
};

/// Asks for it now, by a job.
void pull_now(const concejo::Call&, concejo::Transaction&, const std::string& resource);

void register_pulls(concejo::Kernel&);  ///< the jobs

}  // namespace open_data
