// A municipality with a table of effects, for the tests of this folder.
#pragma once

#include "kernel/jobs/runner.hpp"
#include "tests/support/postgres.hpp"

#include <thread>

namespace tests {

using namespace std::chrono_literals;
using kernel::jobs::JobContext;

struct Desk {
    explicit Desk(const std::string& id)
        : tenant(cluster().tenant(id, "create table hecho (clave bigint not null, por text)")) {
        cluster().superuser(
            "update concejo.jobs set state = 'dead' where state in ('waiting', 'running')");  // of the cases
                                                                                              // before
    }
    kernel::db::Tenant tenant;
    std::unique_ptr<kernel::db::Pool> pool = cluster().pool(12);

    std::int64_t queue(const kernel::jobs::Job& job, kernel::db::Pool& p) {
        auto tx = p.begin(tenant);
        const auto id = kernel::jobs::enqueue(tx, job);
        tx.commit();
        return id;
    }
    std::int64_t queue(const kernel::jobs::Job& job) { return queue(job, *pool); }
    std::int64_t queue(const std::string& kind, int max_attempts = 8, const std::string& unique = {}) {
        kernel::jobs::Job job{"prueba", kind, concejo::Json::object({{"n", 1}})};
        job.max_attempts = max_attempts;
        job.unique_key = unique;
        return queue(job);
    }
    template <class F>
    auto kernel_tx(F&& what) {
        auto tx = pool->begin_kernel(tenant.id);
        auto result = what(tx);
        tx.commit();
        return result;
    }
    kernel::jobs::JobInfo look(std::int64_t id) {
        return kernel_tx(
            [&](auto& tx) { return kernel::jobs::find(tx, id).value_or(kernel::jobs::JobInfo{}); });
    }
    bool retry(std::int64_t id) {
        return kernel_tx([&](auto& tx) { return kernel::jobs::retry(tx, id); });
    }
    kernel::jobs::Cancelled cancel(std::int64_t id) {
        return kernel_tx([&](auto& tx) { return kernel::jobs::cancel(tx, id); });
    }
    template <class F>
    static bool eventually(F&& what, std::chrono::milliseconds limit = 10s) {
        for (const auto until = std::chrono::steady_clock::now() + limit;
             std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(20ms)) {
            if (what()) return true;
        }
        return false;
    }
    bool reaches(std::int64_t id, const std::string& state, std::chrono::milliseconds limit = 10s) {
        return eventually([&] { return look(id).state == state; }, limit);
    }
    std::int64_t effects() { return pool->begin(tenant).exec("select count(*) from hecho").integer(0, 0); }
};

inline kernel::jobs::RunnerOptions quick(unsigned batch = 1) {
    kernel::jobs::RunnerOptions options;
    options.threads = 2;
    options.poll = 30ms;
    options.lease = 2s;
    options.policies = [batch](const std::string&, const std::string&) {
        kernel::jobs::Policy policy;
        policy.first_pause = 50ms;
        policy.batch = batch;
        return policy;
    };
    return options;
}

/// One row for each job.
inline void put(JobContext& job) {
    for (const auto& one : job.jobs())
        job.transaction().exec("insert into hecho values ($1, $2)", kernel::db::Params(one.id, job.kind()));
}

}  // namespace tests
