// What only the databases and the disk know, for a scrape of the metrics: asked for when somebody wants it,
// by a thread of its own, so that a database that does not answer keeps nobody waiting.
#pragma once

#include "kernel/config/installation.hpp"
#include "kernel/metrics/page.hpp"
#include "kernel/paths/paths.hpp"
#include "kernel/runtime/databases.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace kernel::runtime {

/// Thread-safe.
class Measures {
public:
    Measures(const paths::Paths&, const config::Installation&);
    ~Measures();  ///< waits for a statement that is under way
    Measures(const Measures&) = delete;
    Measures& operator=(const Measures&) = delete;

    /// From here on this reading of the configuration.
    void follow(const config::Installation&);
    std::string slug(const std::string& id) const;  ///< the id itself where nobody has it

    /// The newest figures, at most some seconds old; a database that has not answered lately is down.
    void add_to(metrics::Page& page);

private:
    struct Plan {
        config::PlatformConfig platform;
        std::map<std::string, std::string> slugs;
        std::map<std::string, std::uint64_t> quotas;  ///< by slug; 0: none
    };
    struct Figure {
        const metrics::Family* family;
        std::vector<std::pair<std::string, std::string>> labels;
        double value;
    };
    using Figures = std::vector<Figure>;
    using Steady = std::chrono::steady_clock;

    static std::shared_ptr<const Plan> plan_of(const config::Installation&);
    std::shared_ptr<const Plan> plan() const;
    void work();
    Figures ask(const Plan& plan);
    static void ask_queues(db::Transaction& tx, const Plan& plan, Figures& figures);
    void ask_blobs(db::Transaction& tx, const Plan& plan, const std::string& database, Figures& figures);
    void add_disk(metrics::Page& page, const Plan& plan) const;

    const paths::Paths paths_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::shared_ptr<const Plan> plan_;
    Figures figures_;
    Steady::time_point asked_{};
    bool wanted_ = false, stopping_ = false;
    // The thread's own
    std::map<std::string, std::pair<Steady::time_point, Figures>> blobs_;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace kernel::runtime
