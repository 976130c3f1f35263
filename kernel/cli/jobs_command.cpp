// The work in the background, from the terminal: what there is, how it goes, and what a person may do to it.
#include "kernel/base/tr.hpp"
#include "kernel/jobs/job.hpp"

#include "kernel/cli/command_core.hpp"
#include "kernel/identity/origin.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <thread>

namespace kernel::cli {
namespace {

using concejo::Json;
using namespace std::chrono_literals;

struct JobOptions {
    std::string tenant, state;
    std::int64_t id = 0;
    std::size_t count = 100;
    int seconds = 0;
};

constexpr auto look_again = 500ms;

Json to_json(const jobs::JobInfo& job) {
    return Json::object({{"id", job.id},
                         {"plugin", job.plugin},
                         {"kind", job.kind},
                         {"state", job.state},
                         {"attempts", job.attempts},
                         {"max_attempts", job.max_attempts},
                         {"priority", job.priority},
                         {"run_at", job.run_at},
                         {"error", job.last_error},
                         {"done", job.done},
                         {"total", job.total},
                         {"message", job.message},
                         {"cancel_requested", job.cancel_requested}});
}

std::string line_of(const jobs::JobInfo& job) {
    const auto progress =
        job.state == "running" && job.total > 0 ? fmt::format("{}/{} ", job.done, job.total) : "";
    return fmt::format("{:>8} {:<20} {:<28} {:<9} {}/{} {}{}", job.id, job.plugin, job.kind, job.state,
                       job.attempts, job.max_attempts, progress,
                       job.state == "running" ? job.message : job.last_error);
}

/// The municipality's jobs, in a transaction of their own for each question.
class Queue {
public:
    Queue(Context& context, const JobOptions& asked) : core_(context), tenant_(core_.tenant(asked.tenant)) {}

    template <class F>
    auto ask(F&& what) {
        return core_.core().databases->of(tenant_).with_retry([&](db::Pool& pool) {
            auto tx = pool.begin_kernel(tenant_.id);
            auto result = what(tx);
            tx.commit();
            return result;
        });
    }
    /// Noted in the audit, with those who watch told.
    void record(db::Transaction& tx, const std::string& action, std::int64_t id) const {
        const identity::Origin by{"system:cli", "", ""};
        audit::record(tx, identity::event_of(by, tenant_.id, action, std::to_string(id), "ok"));
        jobs::changed(tx);
    }

private:
    CommandCore core_;
    const tenancy::Tenant& tenant_;
};

void list_jobs(Context& context, const JobOptions& asked) {
    Queue queue(context, asked);
    Json all = Json::array();
    for (const auto& job : queue.ask([&](auto& tx) { return jobs::list(tx, asked.state, asked.count); })) {
        all.push_back(to_json(job));
        if (!context.json) context.terminal.out(line_of(job));
    }
    if (context.json) context.terminal.out(Json::object({{"jobs", all}}).dump());
}

void nothing_there(Context& context, const std::string& what) {
    context.exit_code = 1;
    context.answer(Json::object({{"ok", false}}), what);
}

void show_job(Context& context, const JobOptions& asked) {
    Queue queue(context, asked);
    const auto job = queue.ask([&](auto& tx) { return jobs::find(tx, asked.id); });
    if (!job)
        return nothing_there(context, base::tr("No hay ningún trabajo {} en este municipio.", asked.id));
    if (context.json) {
        auto json = to_json(*job);
        for (const auto& [name, value] :
             std::map<std::string, std::string>{{"created_at", job->created_at},
                                                {"started_at", job->started_at},
                                                {"finished_at", job->finished_at},
                                                {"worker", job->worker},
                                                {"unique", job->unique_key},
                                                {"idempotency_key", job->idempotency_key}})
            json[name] = value;
        json["payload"] = job->payload;
        return context.terminal.out(json.dump());
    }
    const auto say = [&](const std::string& name, const std::string& value) {
        if (!value.empty()) context.terminal.out(fmt::format("{:<14} {}", name, value));
    };
    say(base::tr("trabajo"), fmt::format("{} · {} · {}", job->id, job->plugin, job->kind));
    say(base::tr("estado"), job->state + (job->cancel_requested && job->state == "running"
                                              ? " " + base::tr("(se ha pedido cancelarlo)")
                                              : ""));
    say(base::tr("intentos"), base::tr("{0} de {1}", job->attempts, job->max_attempts));
    say(base::tr("prioridad"), std::to_string(job->priority));
    if (job->total > 0) say(base::tr("avance"), fmt::format("{}/{} {}", job->done, job->total, job->message));
    say(base::tr("pedido"), job->created_at);
    say(job->state == "waiting" ? base::tr("se hará") : base::tr("previsto"), job->run_at);
    say(base::tr("empezado"), job->started_at);
    say(base::tr("acabado"), job->finished_at);
    say(base::tr("proceso"), job->worker);
    say(base::tr("último error"), job->last_error);
    say(base::tr("clave"), job->idempotency_key);
    say(base::tr("clave única"), job->unique_key);
    say(base::tr("datos"), job->payload.dump());
}

bool ended(const jobs::JobInfo& job) { return job.state != "waiting" && job.state != "running"; }

/// One job, with its bar, until it ends: 0 where it is done.
void watch_one(Context& context, const JobOptions& asked, Queue& queue,
               std::chrono::steady_clock::time_point until) {
    std::string shown;
    for (;; std::this_thread::sleep_for(look_again)) {
        const auto job = queue.ask([&](auto& tx) { return jobs::find(tx, asked.id); });
        if (!job)
            return nothing_there(context, base::tr("No hay ningún trabajo {} en este municipio.", asked.id));
        if (ended(*job)) {
            context.exit_code = job->state == "done" ? 0 : 1;
            return context.answer(to_json(*job), line_of(*job));
        }
        if (job->state == "running" && job->total > 0)
            context.terminal.progress(static_cast<std::uint64_t>(job->done),
                                      static_cast<std::uint64_t>(job->total), job->message);
        else if (const auto line = line_of(*job); line != shown)
            context.terminal.err(shown = line);
        if (std::chrono::steady_clock::now() >= until) {
            context.exit_code = 1;
            return context.answer(to_json(*job), line_of(*job));
        }
    }
}

/// Every change of the queue as a line, until nothing waits or runs.
void watch_all(Context& context, const JobOptions& asked, Queue& queue,
               std::chrono::steady_clock::time_point until) {
    std::map<std::int64_t, std::string> shown;
    for (;; std::this_thread::sleep_for(look_again)) {
        const auto latest = queue.ask([&](auto& tx) { return jobs::list(tx, "", asked.count); });
        bool busy = false;
        for (auto job = latest.rbegin(); job != latest.rend(); ++job) {
            const bool news = !ended(*job) || shown.count(job->id);
            busy = busy || !ended(*job);
            auto line = context.json ? to_json(*job).dump() : line_of(*job);
            if (news && shown[job->id] != line) context.terminal.out(shown[job->id] = std::move(line));
        }
        if (!busy || std::chrono::steady_clock::now() >= until) {
            context.exit_code = busy ? 1 : 0;
            return;
        }
    }
}

void watch(Context& context, const JobOptions& asked) {
    Queue queue(context, asked);
    using Steady = std::chrono::steady_clock;
    const auto until =
        asked.seconds > 0 ? Steady::now() + std::chrono::seconds(asked.seconds) : Steady::time_point::max();
    asked.id > 0 ? watch_one(context, asked, queue, until) : watch_all(context, asked, queue, until);
}

void retry(Context& context, const JobOptions& asked) {
    Queue queue(context, asked);
    const bool done = queue.ask([&](auto& tx) {
        if (!jobs::retry(tx, asked.id)) return false;
        queue.record(tx, "jobs.retry", asked.id);
        return true;
    });
    if (!done) return nothing_there(context, base::tr("No hay ningún trabajo parado con ese número."));
    context.answer(Json::object({{"ok", true}}), base::tr("Se intentará de nuevo enseguida."));
}

void cancel(Context& context, const JobOptions& asked) {
    Queue queue(context, asked);
    const auto outcome = queue.ask([&](auto& tx) {
        const auto how = jobs::cancel(tx, asked.id);
        if (how != jobs::Cancelled::no) queue.record(tx, "jobs.cancel", asked.id);
        return how;
    });
    if (outcome == jobs::Cancelled::no)
        return nothing_there(context,
                             base::tr("No hay ningún trabajo con ese número que espere o esté en marcha."));
    const bool at_once = outcome == jobs::Cancelled::at_once;
    context.answer(Json::object({{"ok", true}, {"at_once", at_once}}),
                   at_once
                       ? base::tr("Ya no está en la cola.")
                       : base::tr("Está en marcha: se le ha pedido que pare, y lo que haga no se guardará."));
}

void discard(Context& context, const JobOptions& asked) {
    Queue queue(context, asked);
    const bool done = queue.ask([&](auto& tx) {
        if (!jobs::discard(tx, asked.id)) return false;
        queue.record(tx, "jobs.discard", asked.id);
        return true;
    });
    if (!done)
        return nothing_there(context, base::tr("No hay ningún trabajo dado por perdido con ese número."));
    context.answer(Json::object({{"ok", true}}), base::tr("Apartado: no se volverá a intentar."));
}

}  // namespace

void add_jobs(CLI::App& app, Context& context) {
    auto* jobs = app.add_subcommand("jobs", base::tr("Los trabajos en segundo plano"));
    jobs->require_subcommand(1);
    const auto asked = std::make_shared<JobOptions>();
    const auto add = [&](const char* verb, const std::string& help,
                         void (*run)(Context&, const JobOptions&)) {
        auto* command = jobs->add_subcommand(verb, help);
        common_options(command, context);
        command->add_option("--tenant", asked->tenant, base::tr("Municipio (nombre de su archivo)"))
            ->required();
        command->callback([&context, asked, run] { run(context, *asked); });
        return command;
    };
    const auto number = [&](CLI::App* command) {
        return command->add_option("numero", asked->id, base::tr("Número del trabajo"));
    };
    const auto count = [&](CLI::App* command) {
        command->add_option("--count", asked->count, base::tr("Cuántos, los últimos"))
            ->check(CLI::Range(1, 10'000));
    };
    auto* listing = add("list", base::tr("Los últimos trabajos del municipio"), &list_jobs);
    listing->add_option("--state", asked->state, base::tr("Solo los que están así"))
        ->check(CLI::IsMember({"waiting", "running", "done", "dead", "cancelled", "discarded"}));
    count(listing);
    number(add("show", base::tr("Todo lo que se sabe de un trabajo"), &show_job))->required();
    auto* watching = add("watch", base::tr("Sigue un trabajo, o toda la cola, hasta que acaba"), &watch);
    number(watching);
    count(watching);
    watching->add_option("--seconds", asked->seconds,
                         base::tr("Deja de mirar pasado este tiempo (entonces responde 1)"));
    number(add("retry", base::tr("Vuelve a intentar un trabajo que se dio por perdido o se canceló"), &retry))
        ->required();
    number(add("cancel", base::tr("Saca un trabajo de la cola, o le pide que pare"), &cancel))->required();
    number(add("discard", base::tr("Aparta un trabajo dado por perdido"), &discard))->required();
}

}  // namespace kernel::cli
