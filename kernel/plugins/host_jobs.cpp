#include "kernel/jobs/job.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/plugins/transaction.hpp"

namespace kernel::plugins {
namespace {

using concejo::Json;

concejo_status handler(const concejo_host* host, concejo_str kind, concejo_job_handler run, void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "un trabajo");
        handle.registry->jobs.push_back({handle.plugin, handle.plugin->id, string(kind), run, context});
    });
}

concejo_status schedule(const concejo_host* host, concejo_str raw) {
    return host_guard([&] {
        auto& handle = registering(host, "un horario");
        auto json = Json::parse(view(raw));
        json.at("kind").as_string();
        if (json.contains("cron") == json.contains("every_seconds"))
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 "un horario lleva «cron» o «every_seconds», y no ambos");
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
        job.priority = static_cast<int>(json.int_or("priority", 0));
        jobs::enqueue(transaction_of(tx), job);
    });
}

void progress(concejo_job* job, std::uint64_t done, std::uint64_t total, concejo_str message) {
    (void)host_guard([&] { job->progress(done, total, view(message)); });
}

}  // namespace

const concejo_jobs_1& jobs_table() {
    static const concejo_jobs_1 table{sizeof(concejo_jobs_1), &handler, &schedule, &enqueue, &progress};
    return table;
}

}  // namespace kernel::plugins
