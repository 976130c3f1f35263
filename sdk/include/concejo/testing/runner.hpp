// What runs by itself in a real kernel, on demand: jobs, events, and what is delivered to other systems.
#pragma once

#include <concejo/testing/jobs_tables.hpp>
#include <concejo/testing/outside_tables.hpp>

#include <tuple>

namespace concejo::inline v1::testing {

class Runner {
public:
    /// Every job that is due and every event, until nothing is left. Answers how many jobs ran. What a job
    /// that fails did is undone, and its Error thrown; it waits for its next attempt as its kind says, or is
    /// dead. A batch that fails throws nothing: its jobs run again, one by one.
    int run_jobs() {
        int ran = 0;
        for (;;) {
            if (take_due()) {
                ran += static_cast<int>(world_.jobs_book.running.size());
                run_taken();
            } else if (!world_.undelivered.empty()) {
                const auto event = world_.undelivered.front();
                world_.undelivered.pop_front();
                deliver(event.name, event.data, event.id);
            } else {
                return ran;
            }
        }
    }
    /// One job that is in no queue, at once, in a transaction that its begin() joins.
    void run_job(std::string_view kind, const Json& payload = Json::object()) {
        QueuedJob job;
        job.kind = kind;
        job.payload = payload;
        const auto& handler = handler_of(job.kind);
        job.id = ++world_.last_id;
        job.max_attempts = handler.max_attempts;
        job.attempts = 1;
        std::vector<QueuedJob> jobs{job};
        (void)run(handler, jobs);
    }
    /// An event of anybody's, to the plugin's subscriptions. The same `id` twice is a second delivery.
    void deliver(const std::string& event, const Json& data, const std::string& id = "suceso-de-prueba") {
        const auto text = Json::object({{"id", id}, {"event", event}, {"data", data}}).dump();
        for (const auto& subscriber : world_.subscribers) {
            if (subscriber.name != event) continue;
            std::string ignored;
            in_transaction([&](detail::Call& call) {
                return subscriber.handler(subscriber.context, detail::raw(call), detail::c(text),
                                          &detail::collect, &ignored);
            });
        }
    }
    /// Every effect that is due, and every unknown one that its kind can ask about, until nothing is left.
    /// Answers how many attempts were made. One that fails throws nothing: its state and error tell, and `at`
    /// when it is tried again: `kernel.clock(kernel.effects()[0].at).deliver()`.
    int deliver() {
        int attempts = 0;
        while (auto* effect = next_effect()) {
            const auto* kind = detail::effect_kind(world_, effect->kind);
            if (effect->state == "unknown") {
                reconcile(*kind, *effect);
            } else {
                attempt(*kind, *effect);
                ++attempts;
            }
        }
        return attempts;
    }

protected:
    template <class F>
    void with_call(Caller caller, F&& run) {
        detail::Call call{&world_, std::this_thread::get_id(), world_.language, std::move(caller)};
        const int transactions = world_.open_transactions, rows = world_.open_rows;
        {
            const detail::Alive alive(call);
            const Files files{world_};
            detail::last_error().clear();
            run(call);
        }
        if (world_.open_transactions != transactions || world_.open_rows != rows)
            throw Error(ErrorKind::internal,
                        "la función ha terminado y deja abierta una transacción o un resultado");
    }

    /// As a job runs: its begin() is a part of one transaction, which commits when the handler is done.
    template <class F>
    void in_transaction(F&& run) {
        with_call(Caller::system(), [&](detail::Call& call) {
            auto outer = detail::begin_transaction(call);
            outer->begun = false;
            call.joined = outer.get();
            try {
                detail::raise(run(call));
            } catch (...) {
                call.joined = nullptr;
                detail::roll_back_transaction(std::move(outer));
                throw;
            }
            call.joined = nullptr;
            detail::commit_transaction(std::move(outer));
        });
    }

    detail::World world_;

private:
    struct Files {  ///< bodies of other servers' answers live as long as the call
        detail::World& world;
        ~Files() {
            std::error_code ignored;
            std::filesystem::remove_all(world.scratch / "respuestas", ignored);
        }
    };
    struct Cancelled {};

    const detail::JobHandler& handler_of(const std::string& kind) const {
        if (const auto* handler = detail::job_handler(world_, kind)) return *handler;
        throw Error(ErrorKind::unavailable, "nadie atiende los trabajos «" + kind + "»");
    }

    /// The most urgent job that is due, and with it, where its kind takes batches, others of the same.
    bool take_due() {
        auto& book = world_.jobs_book;
        book.running.clear();
        const auto due = [&](const QueuedJob& job) { return job.run_at <= world_.now; };
        const auto before = [](const QueuedJob& a, const QueuedJob& b) {
            return std::tuple(-a.priority, a.run_at, a.id) < std::tuple(-b.priority, b.run_at, b.id);
        };
        std::stable_sort(book.waiting.begin(), book.waiting.end(), before);
        const auto first = std::find_if(book.waiting.begin(), book.waiting.end(), due);
        if (first == book.waiting.end()) return false;
        const auto* handler = detail::job_handler(world_, first->kind);
        const auto most = handler && !first->alone ? static_cast<std::size_t>(handler->batch) : 1;
        const auto kind = first->kind;
        const bool alone = first->alone;
        for (auto job = first; job != book.waiting.end() && book.running.size() < most;) {
            if (!due(*job) || job->kind != kind || job->alone != alone) {
                ++job;
                continue;
            }
            book.running.push_back(std::move(*job));
            job = book.waiting.erase(job);
        }
        for (auto& job : book.running) {
            job.state = "running";
            ++job.attempts;
        }
        return true;
    }
    void run_taken() {
        auto& book = world_.jobs_book;
        try {
            const bool done = run(handler_of(book.running.front().kind), book.running);
            for (auto& job : book.running) end(job, done ? "done" : "cancelled");
        } catch (const Error& error) {
            if (book.running.size() > 1) {
                for (auto& job : book.running) {
                    --job.attempts;
                    job.alone = true;
                    job.state = "waiting";
                    book.waiting.push_back(job);
                }
                book.running.clear();
                return;
            }
            failed(book.running.front(), error);
            book.running.clear();
            throw;
        }
        book.running.clear();
    }
    void end(QueuedJob& job, const char* state) {
        job.state = state;
        world_.jobs_book.past.push_back(job);
    }
    void failed(QueuedJob& job, const Error& error) {
        job.error = error.what();
        const auto* handler = detail::job_handler(world_, job.kind);
        if (!handler || error.kind() == ErrorKind::invalid || job.attempts >= job.max_attempts)
            return end(job, "dead");
        job.state = "waiting";
        job.run_at = world_.now + detail::pause_after(*handler, job.attempts);
        world_.jobs_book.waiting.push_back(job);
    }
    /// false: somebody cancelled it, and what it did is undone.
    bool run(const detail::JobHandler& handler, std::vector<QueuedJob>& jobs) {
        detail::RunningJobs running{world_, jobs};
        const auto text = detail::payload_of(jobs, handler);
        try {
            in_transaction([&](detail::Call& call) {
                const auto status = handler.handler(handler.context, detail::raw(call), detail::c(text),
                                                    reinterpret_cast<concejo_job*>(&running));
                if (running.was_cancelled()) throw Cancelled{};
                return status;
            });
        } catch (const Cancelled&) {
            return false;
        }
        return true;
    }

    /// The oldest that is due and before which nothing of its order has to arrive.
    Effect* next_effect() {
        std::set<std::pair<std::string, std::string>> held;
        for (auto& effect : world_.effects) {
            if (effect.state == "delivered") continue;
            const bool ready = effect.state == "waiting" || (effect.state == "unknown" && effect.to_ask);
            const bool free = effect.order.empty() || held.emplace(effect.kind, effect.order).second;
            if (ready && effect.at <= world_.now && (free || effect.state == "unknown")) return &effect;
        }
        return nullptr;
    }
    static std::string told(const Effect& effect) {
        return Json::object({{"id", effect.id},
                             {"kind", effect.kind},
                             {"key", effect.key},
                             {"payload", effect.payload},
                             {"attempt", effect.attempts},
                             {"created_at", detail::utc(effect.created_at)}})
            .dump();
    }
    static Caller courier() {
        auto who = Caller::system();
        who.login = "outbox";
        return who;
    }
    /// Later and later: five seconds, ten, twenty … an hour.
    static std::int64_t pause(int attempt) { return std::min(3'600LL, 5LL << std::min(attempt - 1, 20)); }

    void attempt(const detail::EffectKind& kind, Effect& effect) {
        effect.state = "sending";
        ++effect.attempts;
        detail::Attempt attempt{effect};
        const auto text = told(effect);
        try {
            with_call(courier(), [&](detail::Call& call) {
                detail::raise(kind.deliver(kind.context, detail::raw(call), detail::c(text),
                                           reinterpret_cast<concejo_effect*>(&attempt)));
            });
            effect.state = "delivered";
            effect.error.clear();
            effect.note = attempt.note;
        } catch (const Error& error) {
            effect.error = error.what();
            effect.note = attempt.note;
            undelivered(kind.declaration, effect, attempt.sent, error.kind() == ErrorKind::invalid);
        }
    }
    /// As the kernel decides: what was sent and not answered follows its kind's `unknown`.
    void undelivered(const Json& declaration, Effect& effect, bool sent, bool for_good) {
        const auto unknown = declaration.string_or("unknown", "ask");
        const auto most = std::clamp<std::int64_t>(declaration.int_or("max_attempts", 10), 1, 1'000);
        const bool more = effect.attempts < most;
        effect.at = world_.now + pause(effect.attempts);
        if (!sent || declaration.bool_or("deduplicates", false)) {
            effect.state = for_good || !more ? "dead" : "waiting";
        } else if (unknown == "assume_done") {
            effect.state = "delivered";
            effect.note = "sin respuesta: se da por hecho";
        } else if (unknown == "retry" && more) {
            effect.state = "waiting";
        } else {
            effect.state = "unknown";
            effect.to_ask = unknown == "reconcile";
        }
    }
    void reconcile(const detail::EffectKind& kind, Effect& effect) {
        std::string said, outcome;
        const auto text = told(effect);
        try {
            with_call(courier(), [&](detail::Call& call) {
                detail::raise(kind.reconcile(kind.context, detail::raw(call), detail::c(text),
                                             &detail::collect, &said));
            });
            if (!said.empty()) outcome = Json::parse(said).string_or("outcome", "");
        } catch (const Error& error) {
            effect.error = error.what();
        }
        if (outcome == "done") {
            effect.state = "delivered";
            effect.error.clear();
        } else if (outcome == "not_done") {
            effect.state = "waiting";
            effect.at = world_.now;
        } else {  // asked ever less often, eight times; then it is a person's
            effect.to_ask = ++effect.reconciled < 8;
            effect.at = world_.now + (10LL << (effect.reconciled - 1));
        }
    }
};

}  // namespace concejo::inline v1::testing
