#include "kernel/outbox/attempt.hpp"

#include "kernel/base/log.hpp"
#include "kernel/base/text.hpp"

#include <algorithm>

namespace kernel::outbox {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using namespace std::chrono_literals;

namespace {

/// What others' programs say ends up in a text column: UTF-8, no NUL, not too long.
std::string kept(std::string text) {
    text.resize(std::min<std::size_t>(text.size(), 4000));
    text.resize(base::utf8_invalid_at(text));
    std::replace(text.begin(), text.end(), '\0', ' ');
    return text;
}

constexpr const char* ours = " where id = $1 and lease_token = $2 and state in ('sending', 'unknown')";

}  // namespace

Attempt::Row Attempt::from(const db::Rows& rows, std::size_t i) {
    return {rows.integer(i, 0),
            db::Tenant::of(rows.value(i, 1)),
            rows.text(i, 2),
            rows.text(i, 3),
            rows.text(i, 4),
            rows.text(i, 5),
            rows.text(i, 6),
            Json::parse(rows.value(i, 7)),
            static_cast<int>(rows.integer(i, 8))};
}

void Attempt::sending() {
    auto tx = pool_.begin_kernel(row_.tenant.id);
    if (tx.exec(std::string("update concejo.outbox set sent_at = clock_timestamp()") + ours,
                db::Params(row_.id, row_.token))
            .affected() != 1)
        throw Error(ErrorKind::conflict, "el envío pasó a otro proceso");
    tx.commit();
    sent_ = true;
}

void Attempt::fail(db::Transaction& tx, const Row& row, const KindRules& rules, const Failure& failure,
                   const std::string& why, const std::string& note, std::chrono::milliseconds first_pause) {
    const auto fate = fate_of(rules, failure);
    const char* state = fate == Fate::again     ? "waiting"
                        : fate == Fate::dead    ? "dead"
                        : fate == Fate::assumed ? "delivered"
                                                : "unknown";
    const auto pause =
        std::min<std::chrono::milliseconds>(1h, first_pause * (1ll << std::min(row.attempt - 1, 20)));
    tx.exec(
        "update concejo.outbox set state = $3, next_at = clock_timestamp() + make_interval(secs => "
        "$4::float8 / 1000), reconcile_at = case when $5 then clock_timestamp() + make_interval(secs => "
        "$4::float8 / 1000) end, delivered_at = case when $3 = 'delivered' then clock_timestamp() end, "
        "lease_token = null, lease_until = null, last_error = $6, note = nullif($7, '') where id = $1 and "
        "lease_token = $2 and state = 'sending'",
        db::Params(row.id, row.token, state, pause.count(), fate == Fate::reconcile, kept(why),
                   fate == Fate::assumed ? "sin respuesta: se da por hecho" : kept(note)));
    base::log_warning({"outbox", row.tenant.id, row.plugin, {}}, "envío sin éxito",
                      Json::object({{"effect", row.id},
                                    {"kind", row.kind},
                                    {"attempt", row.attempt},
                                    {"state", state},
                                    {"error", kept(why)}}));
}

/// A mark that cannot be made leaves the effect as a killed worker does: its lease runs out.
template <class F>
void Attempt::mark(const char* what, F&& work) noexcept {
    try {
        pool_.with_retry(
            [&](db::Pool& pool) {
                auto tx = pool.begin_kernel(row_.tenant.id);
                work(tx);
                tx.commit();
            },
            10s, true);
    } catch (const std::exception& error) {
        base::log_error({"outbox", row_.tenant.id, row_.plugin, {}}, what,
                        Json::object({{"effect", row_.id}, {"error", error.what()}}));
    }
}

void Attempt::delivered() {
    mark("no se pudo anotar que un envío ha llegado", [&](db::Transaction& tx) {
        tx.exec(std::string("update concejo.outbox set state = 'delivered', delivered_at = "
                            "clock_timestamp(), lease_token = null, lease_until = null, "
                            "reconcile_at = null, last_error = null, note = nullif($3, ''), "
                            "payload = case when $4::boolean then '{}'::jsonb else payload end") +
                    ours,
                db::Params(row_.id, row_.token, kept(note_), forget_));
    });
}

void Attempt::failed(const KindRules& rules, bool for_good, const std::string& why) {
    mark("no se pudo anotar el fallo de un envío", [&](db::Transaction& tx) {
        fail(tx, row_, rules, {sent_, for_good, row_.attempt}, why, note_, first_pause_);
    });
}

void Attempt::put_back(const std::string& why) {
    mark("no se pudo devolver un envío", [&](db::Transaction& tx) {
        tx.exec(std::string("update concejo.outbox set state = 'waiting', attempts = attempts - 1, next_at = "
                            "clock_timestamp() + interval '1 minute', "
                            "lease_token = null, lease_until = null, last_error = $3") +
                    ours,
                db::Params(row_.id, row_.token, kept(why)));
    });
}

const char* Attempt::run(Courier& courier) noexcept {
    try {
        courier.deliver(*this);
        delivered();
        return "delivered";
    } catch (const NotServed& error) {
        put_back(error.what());
        return "postponed";
    } catch (const Error& error) {
        failed(courier.rules(row_.plugin, row_.kind), error.kind() == ErrorKind::invalid, error.what());
    } catch (const std::exception& error) {
        failed(courier.rules(row_.plugin, row_.kind), false, error.what());
    }
    return "failed";
}

void Attempt::reconcile(Courier& courier) noexcept {
    auto found = Found::unknown;
    std::string why;
    try {
        found = courier.reconcile(*this);
    } catch (const std::exception& error) {
        why = error.what();
    }
    if (found == Found::done) return delivered();
    mark("no se pudo anotar qué fue de un envío", [&](db::Transaction& tx) {
        if (found == Found::not_done)
            tx.exec(std::string("update concejo.outbox set state = 'waiting', next_at = clock_timestamp(), "
                                "sent_at = null, reconcile_at = null, "
                                "lease_token = null, lease_until = null") +
                        ours,
                    db::Params(row_.id, row_.token));
        else  // asked ever less often, eight times; then it is a person's
            tx.exec(
                std::string(
                    "update concejo.outbox set lease_token = null, lease_until = null, reconciled = "
                    "reconciled + 1, last_error = coalesce(nullif($3, ''), last_error), reconcile_at = case "
                    "when reconciled < 7 then clock_timestamp() + make_interval(secs => $4::float8 / 1000 * "
                    "(1 << reconciled)) end") +
                    ours,
                db::Params(row_.id, row_.token, kept(why), first_pause_.count() * 2));
    });
}

}  // namespace kernel::outbox
