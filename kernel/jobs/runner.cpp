#include "kernel/jobs/runner.hpp"

#include "kernel/base/log.hpp"
#include "kernel/jobs/running.hpp"
#include "kernel/jobs/schedule.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace kernel::jobs {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// Shared with its threads: a handler that never returns outlives the runner.
struct Runner::Impl : std::enable_shared_from_this<Runner::Impl> {
    db::Pool& pool;
    const Handler handler;
    RunnerOptions options;
    std::atomic<bool> stopping{false};
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Running*> active;
    unsigned threads_alive = 0;
    std::vector<std::thread> threads;

    Impl(db::Pool& p, Handler h, RunnerOptions o) : pool(p), handler(std::move(h)), options(std::move(o)) {
        char host[64] = {};
        gethostname(host, sizeof host - 1);
        if (options.worker.empty()) options.worker = fmt::format("{}:{}", host, getpid());
    }

    std::optional<Running::Row> take();
    void work();
    void keep();
    void renew();
    void try_renew() noexcept;
    void recover();
    void hand_back(const std::vector<std::pair<std::int64_t, std::string>>& jobs);
    void wait(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, time, [this] { return stopping.load(); });
    }
    template <class F>
    void spawn(F work_of) {
        ++threads_alive;
        threads.emplace_back([self = shared_from_this(), work_of] {
            while (!self->stopping) {
                try {
                    ((*self).*work_of)();
                } catch (const std::exception& error) {  // the database is away: it comes back
                    base::log_warning({"jobs", {}, {}, {}},
                                      "cola de trabajos sin base de datos; se reintenta",
                                      concejo::Json::object({{"error", error.what()}}));
                    self->wait(1s);
                }
            }
            const std::lock_guard lock(self->mutex);
            --self->threads_alive;
            self->changed.notify_all();
        });
    }
};

std::optional<Running::Row> Runner::Impl::take() {
    auto tx = pool.begin_kernel();
    const auto rows = tx.exec(
        "update concejo.jobs set state = 'running', attempts = attempts + 1, lease_token = "
        "gen_random_uuid(), worker = $2, "
        "lease_until = clock_timestamp() + make_interval(secs => $1), started_at = clock_timestamp(), "
        "progress_done = 0, progress_total = 0, message = '' "
        "where id = (select id from concejo.jobs where state = 'waiting' and run_at <= now() order by "
        "priority desc, run_at, id "
        "limit 1 for update skip locked) returning id, tenant, plugin, kind, payload, lease_token, attempts, "
        "max_attempts",
        db::Params(options.lease.count(), options.worker));
    if (rows.empty()) return std::nullopt;
    tx.commit();
    return Running::Row{rows.integer(0, 0),
                        db::Tenant::of(rows.value(0, 1)),
                        rows.text(0, 2),
                        rows.text(0, 3),
                        rows.text(0, 5),
                        concejo::Json::parse(rows.value(0, 4)),
                        static_cast<int>(rows.integer(0, 6)),
                        static_cast<int>(rows.integer(0, 7))};
}

void Runner::Impl::work() {
    auto row = take();
    if (!row) return wait(options.poll);
    Running running(pool, std::move(*row), options.statement_timeout, stopping);
    {
        const std::lock_guard lock(mutex);
        active.push_back(&running);
    }
    running.run(handler, options.first_pause);
    const std::lock_guard lock(mutex);
    active.erase(std::find(active.begin(), active.end(), &running));
    changed.notify_all();
}

/// Heartbeat of what runs here.
void Runner::Impl::renew() {
    std::vector<std::pair<std::int64_t, std::string>> mine;
    {
        const std::lock_guard lock(mutex);
        for (const auto* running : active) mine.emplace_back(running->id(), running->token());
    }
    for (const auto& [id, token] : mine) {
        auto tx = pool.begin_kernel();
        const bool ours =
            tx.exec(
                  "update concejo.jobs set lease_until = clock_timestamp() + make_interval(secs => $3) "
                  "where id = $1 and lease_token = $2 and state = 'running'",
                  db::Params(id, token, options.lease.count()))
                .affected() == 1;
        tx.commit();
        const std::lock_guard lock(mutex);
        for (auto* running : active) {
            if (!ours && running->token() == token) running->lose();
        }
    }
}

void Runner::Impl::try_renew() noexcept {
    try {
        renew();
    } catch (const std::exception&) {  // the next beat comes before the lease ends
    }
}

/// Jobs whose worker was killed.
void Runner::Impl::recover() {
    auto tx = pool.begin_kernel();
    const auto rows = tx.exec(
        "update concejo.jobs set state = case when attempts >= max_attempts then 'dead' else 'waiting' end, "
        "lease_token = null, lease_until = null, "
        "run_at = now(), last_error = 'el proceso que lo hacía (' || coalesce(worker, '') || ') "
        "desapareció', "
        "finished_at = case when attempts >= max_attempts then now() end "
        "where id in (select id from concejo.jobs where state = 'running' and lease_until < now() limit 100 "
        "for update skip locked) returning id");
    queue_due_schedules(tx);
    tx.exec(
        "delete from concejo.jobs where id in (select id from concejo.jobs where state = 'done' and "
        "finished_at < now() - interval '30 days' limit 500)");
    tx.commit();
    if (!rows.empty()) changed.notify_all();
}

void Runner::Impl::keep() {
    const auto beat = std::chrono::duration_cast<std::chrono::milliseconds>(options.lease) / 3;
    const auto until = Steady::now() + beat;
    renew();
    while (!stopping && Steady::now() < until) {
        recover();
        wait(std::min<std::chrono::milliseconds>(options.poll, beat));
    }
}

void Runner::Impl::hand_back(const std::vector<std::pair<std::int64_t, std::string>>& jobs) {
    for (const auto& [id, token] : jobs) {
        auto tx = pool.begin_kernel();
        tx.exec(
            "update concejo.jobs set state = 'waiting', lease_token = null, lease_until = null, attempts = "
            "attempts - 1, run_at = now() "
            "where id = $1 and lease_token = $2 and state = 'running'",
            db::Params(id, token));
        tx.commit();
    }
}

Runner::Runner(db::Pool& pool, Handler handler, RunnerOptions options)
    : impl_(std::make_shared<Impl>(pool, std::move(handler), std::move(options))) {}

Runner::~Runner() { stop(); }

void Runner::start() {
    const std::lock_guard lock(impl_->mutex);
    for (unsigned i = 0; i < impl_->options.threads; ++i) impl_->spawn(&Impl::work);
    impl_->spawn(&Impl::keep);
}

void Runner::stop() {
    std::vector<std::thread> threads;
    std::vector<std::pair<std::int64_t, std::string>> left;
    {
        std::unique_lock lock(impl_->mutex);
        impl_->stopping = true;
        impl_->changed.notify_all();
        const auto until = Steady::now() + impl_->options.drain;
        while (impl_->threads_alive > 0 && Steady::now() < until) {
            const auto beat = std::min<Steady::time_point>(until, Steady::now() + impl_->options.lease / 3);
            if (impl_->changed.wait_until(lock, beat, [this] { return impl_->threads_alive == 0; })) break;
            lock.unlock();  // the keeper has ended: renew what is draining
            impl_->try_renew();
            lock.lock();
        }
        for (auto* running : impl_->active) {
            running->lose();
            left.emplace_back(running->id(), running->token());
        }
        threads.swap(impl_->threads);
    }
    try {
        impl_->hand_back(left);
    } catch (const concejo::Error& error) {  // their leases run out instead
        base::log_warning({"jobs", {}, {}, {}}, "no se pudieron devolver trabajos a la cola",
                          concejo::Json::object({{"error", error.what()}}));
    }
    for (auto& thread : threads) left.empty() ? thread.join() : thread.detach();
}

unsigned Runner::running() const {
    const std::lock_guard lock(impl_->mutex);
    return static_cast<unsigned>(impl_->active.size());
}

}  // namespace kernel::jobs
