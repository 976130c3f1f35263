#include "kernel/jobs/running.hpp"

#include "kernel/base/log.hpp"

#include <algorithm>

namespace kernel::jobs {

using namespace std::chrono_literals;

db::Transaction& Running::transaction() {
    if (!tx_) tx_.emplace(pool_.begin(row_.tenant, {statement_timeout_, 2s, 10min}));
    if (!tx_->open())
        throw concejo::Error(concejo::ErrorKind::internal,
                             "la transacción del trabajo ya terminó: la confirma el planificador");
    return *tx_;
}

void Running::progress(std::uint64_t done, std::uint64_t total, std::string_view message) {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < 500ms && done != total) return;
    shown_ = now;
    auto tx = pool_.begin_kernel(row_.tenant.id);
    tx.exec(
        "update concejo.jobs set progress_done = $3, progress_total = $4, message = $5 where id = $1 and "
        "lease_token = $2",
        db::Params(row_.id, row_.token, done, total, message.substr(0, 500)));
    tx.commit();
}

/// Effects and completion in one COMMIT; the token says that the job is still ours.
void Running::finish() {
    constexpr const char* sql =
        "update concejo.jobs set state = 'done', finished_at = clock_timestamp(), lease_token = null, "
        "lease_until = null, "
        "last_error = null where id = $1 and lease_token = $2 and state = 'running'";
    const auto mark = [&](db::Transaction& tx) {
        if (tx.exec_kernel(sql, db::Params(row_.id, row_.token)).affected() != 1)
            throw concejo::Error(concejo::ErrorKind::conflict,
                                 "el trabajo pasó a otro proceso; lo hecho aquí se deshace");
        tx.commit();
    };
    if (tx_) return mark(transaction());
    pool_.with_retry([&](db::Pool& pool) {
        auto tx = pool.begin_kernel(row_.tenant.id);
        mark(tx);
    });
}

void Running::postpone(const std::string& why) {
    pool_.with_retry([&](db::Pool& pool) {
        auto tx = pool.begin_kernel(row_.tenant.id);
        tx.exec(
            "update concejo.jobs set state = 'waiting', attempts = attempts - 1, lease_token = null, "
            "lease_until = null, run_at = clock_timestamp() + make_interval(secs => $3), last_error = $4 "
            "where id = $1 and lease_token = $2 and state = 'running'",
            db::Params(row_.id, row_.token, Postponed::pause.count(), why.substr(0, 4000)));
        tx.commit();
    });
}

/// After an unknown COMMIT this finds the row done, or takes it back: both are right.
void Running::failed(const std::string& why, bool for_good, std::chrono::milliseconds first_pause) {
    const auto pause =
        std::min<std::chrono::milliseconds>(1h, first_pause * (1ll << std::min(row_.attempt - 1, 20)));
    const bool dead = for_good || row_.attempt >= row_.max_attempts;
    pool_.with_retry([&](db::Pool& pool) {
        auto tx = pool.begin_kernel(row_.tenant.id);
        tx.exec(
            "update concejo.jobs set state = $3, run_at = clock_timestamp() + make_interval(secs => "
            "$4::float8 / 1000), lease_token = null, "
            "lease_until = null, last_error = $5, finished_at = case when $3 = 'dead' then clock_timestamp() "
            "end "
            "where id = $1 and lease_token = $2 and state = 'running'",
            db::Params(row_.id, row_.token, dead ? "dead" : "waiting", pause.count(), why.substr(0, 4000)));
        tx.commit();
    });
    base::log_warning(
        {"jobs", row_.tenant.id, row_.plugin, {}},
        dead ? "trabajo fallido del todo" : "trabajo fallido; se repetirá",
        concejo::Json::object(
            {{"job", row_.id}, {"kind", row_.kind}, {"attempt", row_.attempt}, {"error", why}}));
}

void Running::run(const Handler& handler, std::chrono::milliseconds first_pause) noexcept {
    std::string why;
    bool for_good = false, later = false;
    try {
        handler(*this);
        finish();
        return;
    } catch (const Postponed& error) {
        why = error.what();
        later = true;
    } catch (const concejo::Error& error) {
        why = error.what();
        for_good = error.kind() == concejo::ErrorKind::invalid;
    } catch (const std::exception& error) {
        why = error.what();
    }
    tx_.reset();
    try {
        later ? postpone(why) : failed(why, for_good, first_pause);
    } catch (const std::exception& error) {  // its lease runs out and another worker takes it
        base::log_error({"jobs", row_.tenant.id, row_.plugin, {}}, "no se pudo anotar el fallo de un trabajo",
                        concejo::Json::object({{"error", error.what()}}));
    }
}

}  // namespace kernel::jobs
