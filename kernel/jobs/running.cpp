#include "kernel/jobs/running.hpp"

#include "kernel/base/log.hpp"

namespace kernel::jobs {

using namespace std::chrono_literals;

db::Transaction& Running::transaction() {
    if (!tx_) tx_.emplace(pool_.begin(lease_.tenant, {statement_timeout_, 2s, 10min}));
    if (!tx_->open())
        throw concejo::Error(concejo::ErrorKind::internal,
                             "la transacción del trabajo ya terminó: la confirma el planificador");
    return *tx_;
}

void Running::progress(std::uint64_t done, std::uint64_t total, std::string_view message) {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < 500ms && done != total) return;
    shown_ = now;
    auto tx = pool_.begin_kernel(lease_.tenant.id, not_durable);
    const auto rows = tx.exec(
        "update concejo.jobs set progress_done = $3, progress_total = $4, message = $5 where id = "
        "any($1::bigint[]) and lease_token = $2 returning cancel_requested_at is not null",
        db::Params(id_array(lease_.jobs), lease_.token, done, total, message.substr(0, 500)));
    tx.commit();
    shown_lately_ = true;
    if (rows.rows() < lease_.jobs.size()) cancelled_ = true;
    for (std::size_t i = 0; i < rows.rows(); ++i)
        if (rows.boolean(i, 0)) cancelled_ = true;
}

/// Effects and completion in one COMMIT; the token says that the jobs are still ours, and that nobody
/// cancelled them.
void Running::finish() {
    const auto mark = [&](db::Transaction& tx) {
        const auto marked = tx.exec_kernel(
                                  "update concejo.jobs set state = 'done', finished_at = clock_timestamp(), "
                                  "lease_token = null, lease_until = null, last_error = null where id = "
                                  "any($1::bigint[]) and lease_token = $2 and state = 'running' and "
                                  "cancel_requested_at is null",
                                  db::Params(id_array(lease_.jobs), lease_.token))
                                .affected();
        if (marked != lease_.jobs.size())
            throw concejo::Error(concejo::ErrorKind::conflict,
                                 "el trabajo se canceló o pasó a otro proceso; lo hecho aquí se deshace");
        tx.commit();
    };
    if (tx_) return mark(transaction());
    pool_.with_retry([&](db::Pool& pool) {
        auto tx = pool.begin_kernel(lease_.tenant.id);
        mark(tx);
    });
}

/// After an unknown COMMIT this finds the row done, or takes it back: both are right.
Running::End Running::failed(const std::string& why, bool for_good) {
    if (lease_.jobs.size() > 1) {
        Leases(pool_, {}).split(lease_);
        return End::split;
    }
    const auto& job = lease_.jobs.front();
    const bool dead = for_good || job.attempt >= job.max_attempts;
    const auto state = pool_.with_retry([&](db::Pool& pool) -> std::string {
        auto tx = pool.begin_kernel(lease_.tenant.id);
        // Up to a tenth longer by chance, so that what failed together does not come back together.
        const auto rows = tx.exec(
            "update concejo.jobs set state = case when cancel_requested_at is not null then 'cancelled' else "
            "$3 end, run_at = clock_timestamp() + make_interval(secs => $4::float8 / 1000 * (1 + random() / "
            "10)), lease_token = null, lease_until = null, last_error = case when cancel_requested_at is "
            "null then $5 else last_error end, finished_at = case when $3 = 'dead' or cancel_requested_at is "
            "not null then clock_timestamp() end where id = $1 and lease_token = $2 and state = 'running' "
            "returning state",
            db::Params(job.id, lease_.token, dead ? "dead" : "waiting",
                       pause_after(lease_.policy, job.attempt).count(), why.substr(0, 4000)));
        tx.commit();
        return rows.empty() ? "" : rows.text(0, 0);
    });
    if (state != "dead" && state != "waiting") return End::cancelled;
    base::log_warning(
        {"jobs", lease_.tenant.id, lease_.plugin, {}},
        dead ? "trabajo fallido del todo" : "trabajo fallido; se repetirá",
        concejo::Json::object(
            {{"job", job.id}, {"kind", lease_.kind}, {"attempt", job.attempt}, {"error", why}}));
    return End::failed;
}

Running::End Running::note(const std::string& why, bool for_good) noexcept {
    tx_.reset();
    try {
        return failed(why, for_good);
    } catch (const std::exception& error) {  // its lease runs out and another worker takes it
        base::log_error({"jobs", lease_.tenant.id, lease_.plugin, {}},
                        "no se pudo anotar el fallo de un trabajo",
                        concejo::Json::object({{"error", error.what()}}));
        return End::failed;
    }
}

Running::End Running::postpone(const std::string& why) noexcept {
    tx_.reset();
    try {
        Leases(pool_, {}).postpone(lease_, why, Postponed::pause);
    } catch (const std::exception& error) {
        base::log_error({"jobs", lease_.tenant.id, lease_.plugin, {}}, "no se pudo aplazar un trabajo",
                        concejo::Json::object({{"error", error.what()}}));
    }
    return End::failed;
}

Running::End Running::run(const Handler& handler) noexcept {
    try {
        handler(*this);
        finish();
        return End::done;
    } catch (const Postponed& error) {
        return postpone(error.what());
    } catch (const concejo::Error& error) {
        return note(error.what(), error.kind() == concejo::ErrorKind::invalid);
    } catch (const std::exception& error) {
        return note(error.what(), false);
    }
}

}  // namespace kernel::jobs
