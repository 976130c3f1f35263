// Who watches the jobs of a municipality hears how they go: one thread looks for all of them.
#pragma once

#include "kernel/http/events.hpp"
#include "kernel/jobs/job.hpp"
#include "kernel/plugins/services.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace kernel::web {

/// How many the page lists, and so how many are watched.
inline constexpr std::size_t jobs_shown = 50;

/// Changes when the list itself is another (a row, a state, an attempt), not with progress.
std::string version_of(const std::vector<jobs::JobInfo>& jobs);
/// "120 / 400 · Páginas leídas"; empty where nothing was said yet.
std::string progress_text(const jobs::JobInfo& job);
/// 0 … 100; -1 where the total is not known.
int percent_of(const jobs::JobInfo& job);

/// Thread-safe. Sends {"version","rows":[{"id","percent","text"}]} as event "jobs": to a new reader at once,
/// then whenever it is another. Sleeps while nobody watches.
class JobFeed {
public:
    explicit JobFeed(plugins::Services& services);
    ~JobFeed();
    JobFeed(const JobFeed&) = delete;
    JobFeed& operator=(const JobFeed&) = delete;

    /// A new reader of the municipality's latest jobs in that state (empty: all).
    std::shared_ptr<http::EventChannel> open(const std::string& tenant, const std::string& state);
    /// A NOTIFY of jobs_channel. New jobs that still wait are not notified (job.hpp): while somebody watches,
    /// the database is asked every couple of seconds as well.
    void news(std::string_view tenant);

private:
    using Key = std::pair<std::string, std::string>;  ///< tenant, state
    struct Group {
        std::vector<std::weak_ptr<http::EventChannel>> readers, fresh;
        std::string sent;
    };

    void run();
    std::vector<Key> due(bool all);
    std::string look(const Key& key);
    void deliver(const Key& key, const std::string& text);

    plugins::Services& services_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<Key, Group> groups_;
    std::set<std::string, std::less<>> dirty_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace kernel::web
