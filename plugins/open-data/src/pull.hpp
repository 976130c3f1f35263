// Resources whose file is on another server: it is asked for once, or from time to time, and what changed
// becomes the next version. Nobody sees a resource before its first file is there.
#pragma once

#include "portal.hpp"

namespace open_data {

/// Once, and the periods.
inline constexpr const char* how_often[] = {"once", "hour", "day", "week", "month"};

struct Pull {
    std::string url, every;                  ///< every: one of `how_often`
    bool as_it_is = false;                   ///< what comes is kept to be downloaded, not read as a table
    std::string outcome, error, advice;      ///< outcome: loaded, same, failed; empty: not asked yet
    std::int64_t asked_at = 0, next_at = 0;  ///< Unix seconds; 0: not yet, never
    int failures = 0;                        ///< in a row
};

class Pulls {
public:
    explicit Pulls(concejo::Transaction& tx) : tx_(tx) {}
    std::optional<Pull> find(const std::string& resource);
    /// The resource of that dataset which comes from that address, waiting or not; nothing where none does.
    std::optional<Resource> at(const Dataset&, const std::string& url);
    /// From now on; asked for at once.
    void save(const std::string& resource, const std::string& url, const std::string& every,
              bool as_it_is = false);
    void remove(const std::string& resource);
    /// Datasets with files whose last attempt failed: the dataset's id, and how many.
    std::vector<std::pair<std::string, int>> failing();

private:
    concejo::Transaction& tx_;
};

/// Asks for it now, by a job.
void pull_now(const concejo::Call&, concejo::Transaction&, const std::string& resource);
/// What waits to be asked for is not.
void cancel_pull(const concejo::Call&, concejo::Transaction&, const std::string& resource);

/// How what was asked for stands. `text`, `advice`: for people, in their language.
struct PullState {
    enum Stage {
        waiting,
        running,
        again,
        failed,
        done
    } stage = waiting;  ///< again: it failed, and is tried again
    std::string text, advice;
};
PullState pull_state(const concejo::Call&, concejo::Transaction&, const std::string& resource, const Pull&);

void register_pulls(concejo::Kernel&);  ///< the jobs

}  // namespace open_data
