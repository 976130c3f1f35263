// What a worker counts of its own work, and shows of itself.
#pragma once

#include "kernel/http/server.hpp"
#include "kernel/jobs/runner.hpp"
#include "kernel/metrics/catalogue.hpp"
#include "kernel/outbox/dispatcher.hpp"
#include "kernel/runtime/databases.hpp"
#include "kernel/tenancy/tenant.hpp"
#include "kernel/web/site.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace kernel::runtime {

/// A request that was answered or cut, and the limit that it met, if it did. Edge threads; quick.
void count_request(const http::AccessRecord& record);
void count_limit(std::string_view limit);

/// What jobs and effects came to, by the municipalities' slugs. `tenants` must outlive what it gives.
class Meters {
public:
    explicit Meters(const tenancy::Tenants& tenants) : tenants_(tenants) {}
    decltype(jobs::RunnerOptions::finished) jobs() const;
    decltype(outbox::DispatcherOptions::finished) outbox() const;

private:
    const tenancy::Tenants& tenants_;
};

/// Writes what the worker has just now into its place of the region, every second while it lives.
class Pulse {
public:
    Pulse(const Databases& databases, std::function<void(metrics::Place&)> show);
    ~Pulse();
    Pulse(const Pulse&) = delete;
    Pulse& operator=(const Pulse&) = delete;

private:
    void beat();
    void show_pools(metrics::Place& place) const;

    const Databases& databases_;
    const std::function<void(metrics::Place&)> show_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses all of the above
};

void show(const http::ServerStats& server, const web::SiteStats& site, metrics::Place& place);

}  // namespace kernel::runtime
