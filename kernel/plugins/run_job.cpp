#include "kernel/plugins/run_job.hpp"

#include "kernel/plugins/transaction.hpp"

#include <fmt/format.h>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

struct Handle : concejo_job {
    explicit Handle(jobs::JobContext& c) : context(c) {}
    void progress(std::uint64_t done, std::uint64_t total, std::string_view message) override {
        context.progress(done, total, message);
    }
    bool cancelled() const override { return context.cancelled(); }
    Json about() const override {
        const auto& job = context.job();
        return Json::object({{"id", job.id},
                             {"attempt", job.attempt},
                             {"max_attempts", job.max_attempts},
                             {"idempotency_key", job.idempotency_key}});
    }
    jobs::JobContext& context;
};

/// The job waits, and what could not be tried does not count.
void wait_for_quarantine(const std::string& plugin, const Scope& scope) {
    if (crash::in_quarantine(plugin, scope.tenant->id))
        throw jobs::Postponed(fmt::format("el complemento «{}» está en cuarentena", plugin));
}

/// Of a kind that takes batches: all of them, each with its own key.
std::string payload_of(const jobs::JobContext& context, const JobHandler& handler) {
    if (handler.policy.batch <= 1) return context.payload().dump();
    Json all = Json::array();
    for (const auto& job : context.jobs())
        all.push_back(Json::object({{"id", job.id},
                                    {"idempotency_key", job.idempotency_key},
                                    {"attempt", job.attempt},
                                    {"payload", job.payload}}));
    return all.dump();
}

void deliver(Services& services, jobs::JobContext& job, Scope& scope, concejo_tx& joined) {
    const auto event = job.payload().at("event").as_string();
    const auto text = job.payload().dump();
    const auto told = [&](const Provider& subscriber) {
        return subscriber.name == event && scope.tenant->has(subscriber.plugin_id);
    };
    for (const auto& subscriber : services.registry.subscribers) {
        if (told(subscriber)) wait_for_quarantine(subscriber.plugin_id, scope);
    }
    for (const auto& subscriber : services.registry.subscribers) {
        if (!told(subscriber)) continue;
        concejo_call call{&services, &scope, subscriber.plugin, &joined};
        Collected ignored;
        enter(call, [&] {
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
    const auto* handler = services.registry.job_handler(job.plugin(), job.kind());
    if (handler && scope.tenant->has(handler->plugin_id)) {
        wait_for_quarantine(handler->plugin_id, scope);
        concejo_call call{&services, &scope, handler->plugin, &joined.tx};
        Handle handle(job);
        const auto payload = payload_of(job, *handler);
        return enter(call,
                     [&] { return handler->handler(handler->context, &call, c_str(payload), &handle); });
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
            schedule.rrule = json.string_or("rrule", "");
            schedule.start = json.string_or("start", "");
            schedule.zone = tenant->config.time_zone;
            schedule.late_seconds = json.int_or("late_s", 0);
            schedule.priority = static_cast<int>(json.int_or("priority", 0));
            schedule.max_attempts = services.registry.job_policy(plugin, schedule.kind).max_attempts;
            schedules.push_back(std::move(schedule));
        }
        jobs::declare_schedules(services.databases.of(*tenant), tenant->id, schedules);
    }
}

}  // namespace kernel::plugins
