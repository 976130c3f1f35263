// The fake kernel's jobs/1.
#pragma once

#include <concejo/testing/data_tables.hpp>

#include <cmath>

namespace concejo::inline v1::testing::detail {

/// What a concejo_job* is: the jobs that run, one unless it is a batch.
struct RunningJobs {
    World& world;
    std::vector<QueuedJob>& jobs;

    bool cancelled() const {
        if (world.cancel_after > 0)
            --world.cancel_after;
        else if (world.cancel_after == 0)
            for (auto& job : jobs) job.cancel_requested = true;
        return was_cancelled();
    }
    bool was_cancelled() const {
        return std::any_of(jobs.begin(), jobs.end(), [](const auto& job) { return job.cancel_requested; });
    }
};
inline RunningJobs& running_of(concejo_job* raw) { return *reinterpret_cast<RunningJobs*>(raw); }

/// A number of a job's or a kind's, within what the kernel takes.
inline std::int64_t within(const Json& json, const char* name, std::int64_t otherwise, std::int64_t least,
                           std::int64_t most) {
    const auto value = json.int_or(name, otherwise);
    if (value < least || value > most)
        throw Error(ErrorKind::invalid, "«" + std::string(name) + "» de un trabajo va de " +
                                            std::to_string(least) + " a " + std::to_string(most) +
                                            ", y dice " + std::to_string(value));
    return value;
}

inline JobHandler handler_from(const Json& json, concejo_job_handler run, void* context) {
    JobHandler handler{json.at("kind").as_string(), run, context};
    handler.max_attempts = static_cast<int>(within(json, "max_attempts", 8, 1, 1'000));
    handler.batch = static_cast<int>(within(json, "batch", 1, 1, 1'000));
    handler.pause = static_cast<double>(within(json, "backoff_s", 5, 0, 86'400));
    handler.longest_pause = static_cast<double>(within(json, "backoff_most_s", 3'600, 0, 30 * 86'400));
    if (const auto* factor = json.find("backoff_factor")) handler.factor = factor->as_double();
    if (!(handler.factor >= 1 && handler.factor <= 100))
        throw Error(ErrorKind::invalid, "«backoff_factor» de un trabajo va de 1 a 100");
    return handler;
}
inline std::int64_t pause_after(const JobHandler& handler, int attempt) {
    return static_cast<std::int64_t>(
        std::min(handler.pause * std::pow(handler.factor, attempt - 1), handler.longest_pause));
}

inline const JobHandler* job_handler(const World& world, std::string_view kind) {
    for (const auto& handler : world.jobs)
        if (handler.kind == kind) return &handler;
    return nullptr;
}

inline QueuedJob job_from(World& world, const Json& json) {
    QueuedJob job;
    job.kind = json.at("kind").as_string();
    if (const auto* payload = json.find("payload")) job.payload = *payload;
    job.run_at = json.int_or("run_at", 0);
    job.unique = json.string_or("unique", "");
    job.priority = static_cast<int>(within(json, "priority", 0, -1'000'000, 1'000'000));
    const auto* handler = job_handler(world, job.kind);
    job.max_attempts = static_cast<int>(
        within(json, "max_attempts", handler ? handler->max_attempts : job.max_attempts, 1, 1'000));
    job.id = ++world.last_id;
    return job;
}

/// What the handler is given: a kind that takes batches gets an array, of one job too.
inline std::string payload_of(const std::vector<QueuedJob>& jobs, const JobHandler& handler) {
    if (handler.batch <= 1) return jobs.front().payload.dump();
    Json all = Json::array();
    for (const auto& job : jobs)
        all.push_back(Json::object({{"id", job.id},
                                    {"idempotency_key", job.idempotency_key()},
                                    {"attempt", job.attempts},
                                    {"payload", job.payload}}));
    return all.dump();
}

/// {"kind","unique"}, as a step that cancels them.
inline JobStep which(concejo_str raw) {
    const auto json = Json::parse(cpp(raw));
    JobStep step;
    step.cancel = true;
    step.job.kind = json.at("kind").as_string();
    step.job.unique = json.at("unique").as_string();
    return step;
}

inline const concejo_jobs_1& jobs_table() {
    static const concejo_jobs_1 table = [] {
        concejo_jobs_1 t{};
        t.size = sizeof t;
        t.handler = [](const concejo_host* host, concejo_str kind, concejo_job_handler run, void* context) {
            return answer([&] {
                registering(host, "un trabajo").jobs.push_back({std::string(cpp(kind)), run, context});
            });
        };
        t.handler_with = [](const concejo_host* host, concejo_str options, concejo_job_handler run,
                            void* context) {
            return answer([&] {
                registering(host, "un trabajo")
                    .jobs.push_back(handler_from(Json::parse(cpp(options)), run, context));
            });
        };
        t.schedule = [](const concejo_host* host, concejo_str raw) {
            return answer([&] {
                auto& world = registering(host, "un horario");
                auto json = Json::parse(cpp(raw));
                (void)json.at("kind").as_string();
                if (json.contains("cron") + json.contains("every_seconds") + json.contains("rrule") != 1)
                    throw Error(ErrorKind::invalid,
                                "un horario lleva «cron», «rrule» o «every_seconds», y solo uno");
                world.schedules.push_back(std::move(json));
            });
        };
        t.enqueue = [](concejo_tx* tx, concejo_str raw) {
            return answer([&] {
                auto& on = transaction_of(tx);
                on.jobs.push_back({false, job_from(*on.call->world, Json::parse(cpp(raw)))});
            });
        };
        t.progress = [](concejo_job* raw, std::uint64_t done, std::uint64_t total, concejo_str message) {
            for (auto& job : running_of(raw).jobs) {
                job.done = done;
                job.total = total;
                job.message = cpp(message);
            }
        };
        t.cancelled = [](concejo_job* raw) -> std::int32_t { return running_of(raw).cancelled(); };
        t.about = [](concejo_job* raw, concejo_sink sink, void* context) {
            return answer([&] {
                const auto& job = running_of(raw).jobs.front();
                give(sink, context,
                     Json::object({{"id", job.id},
                                   {"attempt", job.attempts},
                                   {"max_attempts", job.max_attempts},
                                   {"idempotency_key", job.idempotency_key()}})
                         .dump());
            });
        };
        t.cancel = [](concejo_tx* tx, concejo_str raw) {
            return answer([&] { transaction_of(tx).jobs.push_back(which(raw)); });
        };
        t.find = [](concejo_tx* tx, concejo_str raw, concejo_sink sink, void* context) {
            return answer([&] {
                const auto& on = transaction_of(tx);
                const auto of = which(raw).job;
                auto book = on.call->world->jobs_book;
                for (const auto& step : on.noted(&Transaction::jobs)) book.take(step);
                const auto* job = book.newest(of.kind, of.unique);
                if (!job) return;
                give(sink, context,
                     Json::object({{"id", job->id},
                                   {"state", job->state},
                                   {"attempts", job->attempts},
                                   {"done", static_cast<std::int64_t>(job->done)},
                                   {"total", static_cast<std::int64_t>(job->total)},
                                   {"message", job->message},
                                   {"error", job->error}})
                         .dump());
            });
        };
        return t;
    }();
    return table;
}

}  // namespace concejo::inline v1::testing::detail
