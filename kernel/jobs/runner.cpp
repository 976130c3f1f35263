#include "kernel/jobs/runner.hpp"

#include "kernel/base/log.hpp"
#include "kernel/jobs/running.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace kernel::jobs {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds announce_pause{300};

const char* word_for(Running::End end) {
    switch (end) {
        case Running::End::done:
            return "done";
        case Running::End::failed:
            return "failed";
        case Running::End::cancelled:
            return "cancelled";
        case Running::End::split:
            break;
    }
    return "split";
}

RunnerOptions named(RunnerOptions options) {
    char host[64] = {};
    gethostname(host, sizeof host - 1);
    if (options.worker.empty()) options.worker = fmt::format("{}:{}", host, getpid());
    return options;
}

}  // namespace

/// Shared with its threads: a handler that never returns outlives the runner.
struct Runner::Impl : std::enable_shared_from_this<Runner::Impl> {
    db::Pool& pool;
    const Handler handler;
    const RunnerOptions options;
    Leases leases;
    std::atomic<bool> stopping{false};
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Running*> active;
    std::set<std::string> touched;  ///< municipalities with news for those who watch
    unsigned threads_alive = 0;
    std::vector<std::thread> threads;

    Impl(db::Pool& p, Handler h, RunnerOptions o)
        : pool(p), handler(std::move(h)), options(named(std::move(o))), leases(p, options) {}

    void work();
    void keep();
    void renew();
    void look_for_cancelled();
    void announce();
    template <class F>
    void each_active(F what);
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

void Runner::Impl::work() {
    auto lease = leases.take();
    if (!lease) return wait(options.poll);
    Running running(pool, std::move(*lease), options.statement_timeout, stopping);
    {
        const std::lock_guard lock(mutex);
        active.push_back(&running);
        touched.insert(running.tenant().id);
    }
    const auto begun = Steady::now();
    const auto end = running.run(handler);
    if (options.finished) options.finished(running, word_for(end), Steady::now() - begun);
    const std::lock_guard lock(mutex);
    active.erase(std::find(active.begin(), active.end(), &running));
    touched.insert(running.tenant().id);
    changed.notify_all();
}

/// `what` asks the database about copies of the leases (ids and tokens), without holding the lock; then the answers find their
/// jobs, as far as those still run.
template <class F>
void Runner::Impl::each_active(F what) {
    std::vector<Lease> mine;
    {
        const std::lock_guard lock(mutex);
        for (const auto* running : active) {
            mine.push_back({running->tenant(), {}, {}, running->lease().token, {}, {}});
            for (const auto& job : running->jobs()) mine.back().jobs.push_back({job.id, {}, 0, 0, {}});
        }
    }
    std::vector<const Lease*> pointers;
    for (const auto& lease : mine) pointers.push_back(&lease);
    const std::vector<bool> give_up = what(pointers);
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < mine.size(); ++i) {
        for (auto* running : active)
            if (give_up[i] && running->lease().token == mine[i].token) running->cancel();
    }
}

/// Heartbeat of what runs here.
void Runner::Impl::renew() {
    each_active([this](const std::vector<const Lease*>& mine) {
        std::vector<bool> give_up;
        for (const auto& beat : leases.renew(mine)) give_up.push_back(beat.lost || beat.cancelled);
        return give_up;
    });
}

void Runner::Impl::look_for_cancelled() {
    each_active([this](const std::vector<const Lease*>& mine) { return leases.cancelled(mine); });
}

void Runner::Impl::announce() {
    std::vector<std::string> tenants;
    {
        const std::lock_guard lock(mutex);
        for (auto* running : active)
            if (running->take_shown()) touched.insert(running->tenant().id);
        tenants.assign(touched.begin(), touched.end());
        touched.clear();
    }
    leases.announce(tenants);
}

/// The runner's housekeeper: heartbeats, cancellations, killed workers' jobs, news.
void Runner::Impl::keep() {
    const auto beat = std::chrono::duration_cast<std::chrono::milliseconds>(options.lease) / 3;
    const auto until = Steady::now() + beat;
    renew();
    for (auto recovery = Steady::now(); !stopping && Steady::now() < until;) {
        if (Steady::now() >= recovery) {
            leases.recover();
            look_for_cancelled();
            recovery = Steady::now() + options.poll;
        }
        announce();
        wait(std::min({options.poll, beat, announce_pause}));
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
    const auto quietly = [](auto&& what) {
        try {
            what();
        } catch (const concejo::Error& error) {  // the next beat comes before the lease ends, or it runs out
            base::log_warning({"jobs", {}, {}, {}}, "cola de trabajos: la base de datos no contesta al parar",
                              concejo::Json::object({{"error", error.what()}}));
        }
    };
    std::vector<std::thread> threads;
    std::vector<Lease> left;
    {
        std::unique_lock lock(impl_->mutex);
        impl_->stopping = true;
        impl_->changed.notify_all();
        const auto until = Steady::now() + impl_->options.drain;
        while (impl_->threads_alive > 0 && Steady::now() < until) {
            const auto beat = std::min<Steady::time_point>(until, Steady::now() + impl_->options.lease / 3);
            if (impl_->changed.wait_until(lock, beat, [this] { return impl_->threads_alive == 0; })) break;
            lock.unlock();  // the keeper has ended: renew what is draining
            quietly([this] { impl_->renew(); });
            lock.lock();
        }
        for (auto* running : impl_->active) {
            running->cancel();
            left.push_back(running->lease());
        }
        threads.swap(impl_->threads);
    }
    for (const auto& lease : left) quietly([&] { impl_->leases.hand_back(lease); });
    if (!threads.empty()) quietly([this] { impl_->announce(); });
    for (auto& thread : threads) left.empty() ? thread.join() : thread.detach();
}

unsigned Runner::running() const {
    const std::lock_guard lock(impl_->mutex);
    return static_cast<unsigned>(impl_->active.size());
}

}  // namespace kernel::jobs
