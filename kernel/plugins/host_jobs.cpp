#include "kernel/jobs/job.hpp"
#include "kernel/jobs/recurrence.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

#include <fmt/format.h>

namespace kernel::plugins {
namespace {

using concejo::Json;

std::int64_t within(const Json& json, const char* name, std::int64_t otherwise, std::int64_t least,
                    std::int64_t most) {
    const auto value = json.int_or(name, otherwise);
    if (value < least || value > most)
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            fmt::format("«{}» de un trabajo va de {} a {}, y dice {}", name, least, most, value));
    return value;
}

jobs::Policy policy_of(const Json& json) {
    jobs::Policy policy;
    policy.max_attempts = static_cast<int>(within(json, "max_attempts", policy.max_attempts, 1, 1'000));
    policy.first_pause = std::chrono::seconds(within(json, "backoff_s", 5, 0, 86'400));
    policy.longest_pause = std::chrono::seconds(within(json, "backoff_most_s", 3'600, 0, 30 * 86'400));
    policy.batch = static_cast<unsigned>(within(json, "batch", 1, 1, 1'000));
    if (const auto* factor = json.find("backoff_factor")) policy.factor = factor->as_double();
    if (!(policy.factor >= 1 && policy.factor <= 100))
        throw concejo::Error(concejo::ErrorKind::invalid, "«backoff_factor» de un trabajo va de 1 a 100");
    return policy;
}

/// The plugin's own jobs of {"kind","unique"}.
struct Which {
    explicit Which(const concejo_tx* tx, concejo_str raw) : plugin(tx->call->plugin->id) {
        const auto json = Json::parse(view(raw));
        kind = json.at("kind").as_string();
        unique = json.at("unique").as_string();
    }
    std::string plugin, kind, unique;
};

concejo_status handler(const concejo_host* host, concejo_str kind, concejo_job_handler run, void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "un trabajo");
        handle.registry->jobs.push_back({handle.plugin, handle.plugin->id, string(kind), run, context});
    });
}

concejo_status handler_with(const concejo_host* host, concejo_str options, concejo_job_handler run,
                            void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "un trabajo");
        const auto json = Json::parse(view(options));
        handle.registry->jobs.push_back({handle.plugin, handle.plugin->id, json.at("kind").as_string(), run,
                                         context, json.string_or("label", ""), policy_of(json)});
    });
}

concejo_status schedule(const concejo_host* host, concejo_str raw) {
    return host_guard([&] {
        auto& handle = registering(host, "un horario");
        auto json = Json::parse(view(raw));
        json.at("kind").as_string();
        if (json.contains("cron") + json.contains("every_seconds") + json.contains("rrule") != 1)
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 "un horario lleva «cron», «rrule» o «every_seconds», y solo uno");
        if (json.contains("cron")) jobs::Recurrence::of_cron(json.at("cron").as_string());
        if (json.contains("rrule"))
            jobs::Recurrence::of_rrule(json.at("rrule").as_string(), json.at("start").as_string());
        handle.registry->schedules.emplace_back(handle.plugin->id, std::move(json));
    });
}

concejo_status enqueue(concejo_tx* tx, concejo_str raw) {
    return host_guard([&] {
        const auto json = Json::parse(view(raw));
        jobs::Job job;
        job.plugin = tx->call->plugin->id;
        job.kind = json.at("kind").as_string();
        if (const auto* payload = json.find("payload")) job.payload = *payload;
        job.run_at = json.int_or("run_at", 0);
        job.unique_key = json.string_or("unique", "");
        job.priority = static_cast<int>(within(json, "priority", 0, -1'000'000, 1'000'000));
        job.max_attempts = static_cast<int>(
            within(json, "max_attempts",
                   tx->call->services->registry.job_policy(job.plugin, job.kind).max_attempts, 1, 1'000));
        jobs::enqueue(transaction_of(tx), job);
    });
}

void progress(concejo_job* job, std::uint64_t done, std::uint64_t total, concejo_str message) {
    (void)host_guard([&] { job->progress(done, total, view(message)); });
}

std::int32_t cancelled(concejo_job* job) { return job->cancelled(); }

concejo_status about(concejo_job* job, concejo_sink sink, void* context) {
    return host_guard([&] { sink(context, c_str(job->about().dump())); });
}

concejo_status cancel(concejo_tx* tx, concejo_str raw) {
    return host_guard([&] {
        const Which which(tx, raw);
        jobs::cancel(transaction_of(tx), which.plugin, which.kind, which.unique);
    });
}

concejo_status find(concejo_tx* tx, concejo_str raw, concejo_sink sink, void* context) {
    return host_guard([&] {
        const Which which(tx, raw);
        const auto job = jobs::find(transaction_of(tx), which.plugin, which.kind, which.unique);
        if (!job) return;
        const auto json = Json::object({{"id", job->id},
                                        {"state", job->state},
                                        {"attempts", job->attempts},
                                        {"done", job->done},
                                        {"total", job->total},
                                        {"message", job->message},
                                        {"error", job->last_error}});
        sink(context, c_str(json.dump()));
    });
}

}  // namespace

const concejo_jobs_1& jobs_table() {
    static const concejo_jobs_1 table{sizeof(concejo_jobs_1), &handler,   &schedule, &enqueue, &progress,
                                      &handler_with,          &cancelled, &about,    &cancel,  &find};
    return table;
}

}  // namespace kernel::plugins
