#include "kernel/web/job_feed.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/log.hpp"
#include "kernel/db/pool.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::web {

using concejo::Json;
using namespace std::chrono_literals;

namespace {

constexpr auto ask_anyway = 2s;
constexpr auto least_pause = 300ms;

}  // namespace

std::string version_of(const std::vector<jobs::JobInfo>& jobs) {
    std::string all;
    for (const auto& job : jobs)
        all += fmt::format("{} {} {} {}\n", job.id, job.state, job.attempts, job.cancel_requested);
    return base::sha256_hex(all).substr(0, 16);
}

std::string progress_text(const jobs::JobInfo& job) {
    const auto numbers = job.total > 0 ? fmt::format("{} / {}", job.done, job.total) : std::string();
    return numbers + (numbers.empty() || job.message.empty() ? "" : " · ") + job.message;
}

int percent_of(const jobs::JobInfo& job) {
    if (job.total <= 0) return -1;
    return static_cast<int>(
        std::clamp(100.0 * static_cast<double>(job.done) / static_cast<double>(job.total), 0.0, 100.0));
}

JobFeed::JobFeed(plugins::Services& services) : services_(services), thread_([this] { run(); }) {}

JobFeed::~JobFeed() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

std::shared_ptr<http::EventChannel> JobFeed::open(const std::string& tenant, const std::string& state) {
    auto channel = std::make_shared<http::EventChannel>();
    {
        const std::lock_guard lock(mutex_);
        groups_[{tenant, state}].fresh.push_back(channel);
        dirty_.insert(tenant);
    }
    changed_.notify_all();
    return channel;
}

void JobFeed::news(std::string_view tenant) {
    {
        const std::lock_guard lock(mutex_);
        const auto watched = groups_.lower_bound(Key(tenant, ""));
        if (watched == groups_.end() || watched->first.first != tenant) return;
        dirty_.emplace(tenant);
    }
    changed_.notify_all();
}

/// Groups that somebody reads and that may have news. Called under the lock.
std::vector<JobFeed::Key> JobFeed::due(bool all) {
    const auto gone = [](const auto& reader) { return reader.expired(); };
    for (auto group = groups_.begin(); group != groups_.end();) {
        std::erase_if(group->second.readers, gone);
        std::erase_if(group->second.fresh, gone);
        const bool empty = group->second.readers.empty() && group->second.fresh.empty();
        group = empty ? groups_.erase(group) : std::next(group);
    }
    std::vector<Key> keys;
    for (const auto& [key, group] : groups_)
        if (all || dirty_.count(key.first)) keys.push_back(key);
    dirty_.clear();
    return keys;
}

std::string JobFeed::look(const Key& key) {
    const auto* tenant = services_.tenants.by_id(key.first);
    if (!tenant) return {};
    auto tx = services_.databases.of(*tenant).begin_kernel(tenant->id);
    const auto jobs = jobs::list(tx, key.second, jobs_shown);
    Json rows = Json::array();
    for (const auto& job : jobs) {
        if (job.state == "running")
            rows.push_back(
                Json::object({{"id", job.id}, {"percent", percent_of(job)}, {"text", progress_text(job)}}));
    }
    return http::event_text("jobs", Json::object({{"version", version_of(jobs)}, {"rows", rows}}).dump());
}

/// Called under the lock.
void JobFeed::deliver(const Key& key, const std::string& text) {
    const auto found = groups_.find(key);
    if (found == groups_.end() || text.empty()) return;
    auto& group = found->second;
    const auto piece = std::make_shared<const std::string>(text);
    const auto send = [&](std::vector<std::weak_ptr<http::EventChannel>>& readers) {
        std::erase_if(readers, [&](const auto& weak) {
            const auto channel = weak.lock();
            return !channel || !channel->send(piece);
        });
    };
    if (text != group.sent) send(group.readers);
    send(group.fresh);
    group.readers.insert(group.readers.end(), group.fresh.begin(), group.fresh.end());
    group.fresh.clear();
    group.sent = text;
}

void JobFeed::run() {
    std::unique_lock lock(mutex_);
    auto next_look = std::chrono::steady_clock::now();
    while (!stopping_) {
        if (groups_.empty()) {
            changed_.wait(lock, [this] { return stopping_ || !groups_.empty(); });
            continue;
        }
        changed_.wait_until(lock, next_look, [this] { return stopping_ || !dirty_.empty(); });
        const bool all = std::chrono::steady_clock::now() >= next_look;
        if (all) next_look = std::chrono::steady_clock::now() + ask_anyway;
        for (const auto& key : due(all)) {
            lock.unlock();
            std::string text;
            try {
                text = look(key);
            } catch (const std::exception& error) {  // asked again in a couple of seconds
                base::log_warning({"web", key.first, {}, {}}, "no se pudo mirar cómo van los trabajos",
                                  Json::object({{"error", error.what()}}));
            }
            lock.lock();
            deliver(key, text);
        }
        changed_.wait_for(lock, least_pause, [this] { return stopping_; });
    }
}

}  // namespace kernel::web
