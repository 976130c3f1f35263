#include "kernel/plugins/run_job.hpp"

#include "kernel/plugins/transaction.hpp"

#include <fmt/format.h>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

struct Progress : concejo_job {
    explicit Progress(jobs::JobContext& c) : context(c) {}
    void progress(std::uint64_t done, std::uint64_t total, std::string_view message) override {
        context.progress(done, total, message);
    }
    jobs::JobContext& context;
};

void deliver(Services& services, jobs::JobContext& job, Scope& scope, concejo_tx& joined) {
    const auto event = job.payload().at("event").as_string();
    const auto text = job.payload().dump();
    for (const auto& subscriber : services.registry.subscribers) {
        if (subscriber.name != event || !scope.tenant->has(subscriber.plugin_id)) continue;
        concejo_call call{&services, &scope, subscriber.plugin, &joined};
        Collected ignored;
        enter([&] {
            return subscriber.handler(subscriber.context, &call, c_str(text), &Collected::sink, &ignored);
        });
    }
}

}  // namespace

void run_job(Services& services, jobs::JobContext& job) {
    Scope scope;
    scope.tenant = services.tenants.by_id(job.tenant().id);
    if (!scope.tenant) throw Error(ErrorKind::unavailable, "el municipio no está en esta generación");
    scope.language = scope.tenant->config.languages.empty() ? "es" : scope.tenant->config.languages.front();
    scope.who = identity::Principal::system("jobs");
    scope.request_id = fmt::format("job-{}", job.id());
    JoinedTransaction joined([&job]() -> db::Transaction& { return job.transaction(); });
    if (job.kind() == event_job_kind) return deliver(services, job, scope, joined.tx);
    for (const auto& handler : services.registry.jobs) {
        if (handler.plugin_id != job.plugin() || handler.kind != job.kind()) continue;
        if (!scope.tenant->has(handler.plugin_id)) break;
        concejo_call call{&services, &scope, handler.plugin, &joined.tx};
        Progress progress(job);
        const auto payload = job.payload().dump();
        return enter([&] { return handler.handler(handler.context, &call, c_str(payload), &progress); });
    }
    throw Error(ErrorKind::unavailable,
                fmt::format("nadie atiende los trabajos «{}» del complemento «{}» en este municipio",
                            job.kind(), job.plugin()));
}

void declare_schedules(Services& services) {
    for (const auto& tenant : services.tenants.all()) {
        std::vector<jobs::Schedule> schedules;
        for (const auto& [plugin, json] : services.registry.schedules) {
            if (!tenant->has(plugin)) continue;
            jobs::Schedule schedule;
            schedule.plugin = plugin;
            schedule.kind = json.at("kind").as_string();
            schedule.every_seconds = json.int_or("every_seconds", 0);
            schedule.cron = json.string_or("cron", "");
            schedule.zone = tenant->config.time_zone;
            schedules.push_back(std::move(schedule));
        }
        jobs::declare_schedules(services.databases.of(*tenant), tenant->id, schedules);
    }
}

}  // namespace kernel::plugins
