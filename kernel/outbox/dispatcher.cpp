#include "kernel/outbox/dispatcher.hpp"

#include "kernel/base/log.hpp"
#include "kernel/outbox/attempt.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace kernel::outbox {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// Shared with its threads: a delivery that never ends outlives the dispatcher.
struct Dispatcher::Impl : std::enable_shared_from_this<Dispatcher::Impl> {
    db::Pool& pool;
    Courier& courier;
    DispatcherOptions options;
    std::string kinds;  ///< as text[]
    std::atomic<bool> stopping{false};
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<const Attempt*> active;
    unsigned threads_alive = 0;
    std::vector<std::thread> threads;

    Impl(db::Pool& p, Courier& c, DispatcherOptions o) : pool(p), courier(c), options(std::move(o)) {
        char host[64] = {};
        gethostname(host, sizeof host - 1);
        if (options.worker.empty()) options.worker = fmt::format("{}:{}", host, getpid());
        std::vector<std::string> names;
        for (const auto& [plugin, kind] : courier.kinds()) names.push_back(plugin + "/" + kind);
        kinds = db::text_array(names);
    }

    std::optional<Attempt::Row> take();
    std::optional<Attempt::Row> take_unknown();
    void work();
    void keep();
    void renew();
    void recover();
    void wait(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, time, [this] { return stopping.load(); });
    }
    template <class F>
    void attempt(Attempt::Row row, F&& how);
    template <class F>
    void spawn(F work_of);
};

/// The oldest one that is due and whose lane is free: nothing earlier in it that has not arrived.
std::optional<Attempt::Row> Dispatcher::Impl::take() {
    auto tx = pool.begin_kernel();
    const auto rows = tx.exec(
        std::string(
            "update concejo.outbox set state = 'sending', attempts = attempts + 1, lease_token = "
            "gen_random_uuid(), worker = $2, "
            "sent_at = null, lease_until = clock_timestamp() + make_interval(secs => $1::float8 / 1000) "
            "where id = (select id from concejo.outbox o where state = 'waiting' and next_at <= now() and "
            "plugin || '/' || kind = any($3::text[]) "
            "and (order_key is null or not exists (select 1 from concejo.outbox e where e.tenant = o.tenant "
            "and e.plugin = o.plugin "
            "and e.kind = o.kind and e.order_key = o.order_key and e.id < o.id and e.state <> 'delivered')) "
            "order by next_at, id limit 1 for update skip locked) returning ") +
            Attempt::returning,
        db::Params(options.lease.count(), options.worker, kinds));
    if (rows.empty()) return std::nullopt;
    tx.commit();
    return Attempt::from(rows, 0);
}

/// Its time to be asked about is put off first, so that a killed worker's question is asked again.
std::optional<Attempt::Row> Dispatcher::Impl::take_unknown() {
    auto tx = pool.begin_kernel();
    const auto rows =
        tx.exec(std::string("update concejo.outbox set lease_token = gen_random_uuid(), worker = $2, "
                            "reconcile_at = clock_timestamp() + make_interval(secs => $1::float8 / 1000) "
                            "where id = (select id from concejo.outbox where state = 'unknown' and "
                            "reconcile_at <= now() and plugin || '/' || kind = any($3::text[]) "
                            "order by reconcile_at limit 1 for update skip locked) returning ") +
                    Attempt::returning,
                db::Params(options.lease.count(), options.worker, kinds));
    if (rows.empty()) return std::nullopt;
    tx.commit();
    return Attempt::from(rows, 0);
}

template <class F>
void Dispatcher::Impl::attempt(Attempt::Row row, F&& how) {
    Attempt attempt(pool, std::move(row), options.first_pause);
    {
        const std::lock_guard lock(mutex);
        active.push_back(&attempt);
    }
    how(attempt);
    const std::lock_guard lock(mutex);
    active.erase(std::find(active.begin(), active.end(), &attempt));
    changed.notify_all();
}

void Dispatcher::Impl::work() {
    if (auto row = take())
        return attempt(std::move(*row), [this](Attempt& a) {
            const char* result = a.run(courier);
            if (options.finished) options.finished(a, result);
        });
    if (auto row = take_unknown())
        return attempt(std::move(*row), [this](Attempt& a) { a.reconcile(courier); });
    wait(options.poll);
}

void Dispatcher::Impl::renew() {
    std::vector<std::pair<std::int64_t, std::string>> mine;
    {
        const std::lock_guard lock(mutex);
        for (const auto* one : active) mine.emplace_back(one->id(), one->token());
    }
    for (const auto& [id, token] : mine) {
        auto tx = pool.begin_kernel();
        tx.exec(
            "update concejo.outbox set lease_until = clock_timestamp() + make_interval(secs => $3::float8 / "
            "1000) where id = $1 and lease_token = $2 and state = 'sending'",
            db::Params(id, token, options.lease.count()));
        tx.commit();
    }
}

/// Those whose worker was killed: what had not been sent goes again, what had been follows its kind's policy.
void Dispatcher::Impl::recover() {
    auto tx = pool.begin_kernel();
    const auto rows = tx.exec(
        std::string("select ") + Attempt::returning +
            ", sent_at is not null, coalesce(worker, '') from concejo.outbox where state = 'sending' and "
            "lease_until < clock_timestamp() "
            "and plugin || '/' || kind = any($1::text[]) order by id limit 100 for update skip locked",
        db::Params(kinds));
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        const auto row = Attempt::from(rows, i);
        Attempt::fail(tx, row, courier.rules(row.plugin, row.kind), {rows.boolean(i, 9), false, row.attempt},
                      fmt::format("el proceso que lo enviaba ({}) terminó sin acabar", rows.text(i, 10)), {},
                      0ms);
    }
    tx.exec(
        "delete from concejo.outbox where id in (select id from concejo.outbox where state = 'delivered' and "
        "delivered_at < now() - interval '90 days' limit 500)");
    tx.commit();
    if (!rows.empty()) changed.notify_all();
}

void Dispatcher::Impl::keep() {
    renew();
    recover();
    wait(std::min(options.poll, options.lease / 3));
}

template <class F>
void Dispatcher::Impl::spawn(F work_of) {
    ++threads_alive;
    threads.emplace_back([self = shared_from_this(), work_of] {
        while (!self->stopping) {
            try {
                ((*self).*work_of)();
            } catch (const std::exception& error) {  // the database is away: it comes back
                base::log_warning({"outbox", {}, {}, {}}, "bandeja de salida sin base de datos; se reintenta",
                                  concejo::Json::object({{"error", error.what()}}));
                self->wait(1s);
            }
        }
        const std::lock_guard lock(self->mutex);
        --self->threads_alive;
        self->changed.notify_all();
    });
}

Dispatcher::Dispatcher(db::Pool& pool, Courier& courier, DispatcherOptions options)
    : impl_(std::make_shared<Impl>(pool, courier, std::move(options))) {}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::start() {
    if (impl_->courier.kinds().empty()) return;  // nothing that this process could deliver
    const std::lock_guard lock(impl_->mutex);
    for (unsigned i = 0; i < impl_->options.threads; ++i) impl_->spawn(&Impl::work);
    impl_->spawn(&Impl::keep);
}

void Dispatcher::stop() {
    std::vector<std::thread> threads;
    bool left = false;
    {
        std::unique_lock lock(impl_->mutex);
        impl_->stopping = true;
        impl_->changed.notify_all();
        const auto until = Steady::now() + impl_->options.drain;
        while (impl_->threads_alive > 0 && Steady::now() < until) {
            if (impl_->changed.wait_until(lock, std::min(until, Steady::now() + impl_->options.lease / 3),
                                          [this] { return impl_->threads_alive == 0; }))
                break;
            lock.unlock();  // the keeper has ended: renew what is draining
            try {
                impl_->renew();
            } catch (const std::exception&) {  // its lease runs out: then it counts as cut off
            }
            lock.lock();
        }
        left = impl_->threads_alive > 0;
        threads.swap(impl_->threads);
    }
    for (auto& thread : threads) left ? thread.detach() : thread.join();
}

}  // namespace kernel::outbox
