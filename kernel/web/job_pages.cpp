// The work in the background, for who may see to it: what waits, runs and failed, shown live, with what a
// person may do to each.
#include "kernel/audit/audit.hpp"
#include "kernel/identity/origin.hpp"
#include "kernel/identity/permissions.hpp"
#include "kernel/plugins/run_job.hpp"
#include "kernel/web/job_feed.hpp"
#include "kernel/web/own_pages.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace kernel::web {

using concejo::Json;
using plugins::RouteKind;

namespace {

struct StateName {
    const char* state;
    const char* word;   ///< in addresses
    const char* label;  ///< of all of them
    const char* one;
    const char* tone;
};
constexpr std::array<StateName, 6> states{
    {{"waiting", "espera", texts::job_waiting, texts::job_waiting, ""},
     {"running", "marcha", texts::job_running, texts::job_running, "info"},
     {"dead", "perdidos", texts::job_dead, texts::one_job_dead, "err"},
     {"done", "hechos", texts::job_done, texts::one_job_done, "ok"},
     {"cancelled", "cancelados", texts::job_cancelled, texts::one_job_cancelled, "warn"},
     {"discarded", "apartados", texts::job_discarded, texts::one_job_discarded, ""}}};

/// What came of a button, told by the page it leads back to.
struct Outcome {
    const char* word;
    const char* text;
};
constexpr std::array<Outcome, 5> outcomes{{{"repetido", texts::job_is_retried},
                                           {"cancelado", texts::job_is_cancelled},
                                           {"pedido", texts::job_is_asked_to_stop},
                                           {"apartado", texts::job_is_discarded},
                                           {"nada", texts::job_is_another}}};

const StateName& named(std::string_view state) {
    for (const auto& one : states)
        if (state == one.state) return one;
    throw concejo::Error(concejo::ErrorKind::internal, "estado de trabajo desconocido");
}

/// "espera" -> "waiting"; anything else is all of them.
std::string state_asked(std::optional<std::string_view> word) {
    for (const auto& one : states)
        if (word && *word == one.word) return one.state;
    return {};
}

std::int64_t number_of(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::int64_t id_of(const Visit& visit) {
    for (const auto& parameter : visit.path_parameters)
        if (parameter.name == "id") return number_of(parameter.value);
    return 0;
}

/// "2026-11-25T10:00:00Z"
base::TimePoint instant(const std::string& text) {
    const auto part = [&](std::size_t from, std::size_t size) {
        return static_cast<int>(number_of(std::string_view(text).substr(from, size)));
    };
    using namespace std::chrono;
    return sys_days(year(part(0, 4)) / part(5, 2) / part(8, 2)) + hours(part(11, 2)) + minutes(part(14, 2)) +
           seconds(part(17, 2));
}

class JobPages {
public:
    explicit JobPages(OwnPages& own) : own_(own) {}

    http::Response list(Visit& visit) const {
        const auto state = state_asked(visit.asked().query_value("estado"));
        const auto before = number_of(visit.asked().query_value("antes").value_or(""));
        auto tx = pool(visit).begin_kernel(visit.place().id);
        const auto jobs = jobs::list(tx, state, jobs_shown, before);
        const auto counts = jobs::count(tx);
        Json rows = Json::array();
        for (const auto& job : jobs) rows.push_back(row(visit, job));
        const bool more = jobs.size() == jobs_shown;
        const auto where = state.empty() ? "" : std::string("?estado=") + named(state).word;
        return html(own_.pages.own_page(
            visit, "web/jobs",
            Json::object({{"title", say(visit, texts::background_jobs)},
                          {"kpis", kpis(visit, counts)},
                          {"filters", filters(visit, state)},
                          {"outcome", outcome(visit)},
                          {"rows", rows},
                          {"estado", state.empty() ? "" : named(state).word},
                          {"version", version_of(jobs)},
                          {"events_href", before ? Json() : Json(path(visit, "/eventos") + where)},
                          {"older_href", more ? Json(path(visit, "") + where + (where.empty() ? "?" : "&") +
                                                     "antes=" + std::to_string(jobs.back().id))
                                              : Json()},
                          {"newest_href", before ? Json(path(visit, "") + where) : Json()}})));
    }

    http::Response events(Visit& visit) const {
        const auto state = state_asked(visit.asked().query_value("estado"));
        http::Response response(200, "text/event-stream",
                                http::EventsBody{own_.feed.open(visit.place().id, state)});
        response.set("X-Accel-Buffering", "no");  // nginx would collect them
        return response;
    }

    http::Response retry(Visit& visit) const {
        return act(visit, "jobs.retry", [&](db::Transaction& tx, std::int64_t id) {
            return jobs::retry(tx, id) ? "repetido" : nullptr;
        });
    }
    http::Response cancel(Visit& visit) const {
        return act(visit, "jobs.cancel", [&](db::Transaction& tx, std::int64_t id) -> const char* {
            switch (jobs::cancel(tx, id)) {
                case jobs::Cancelled::no:
                    return nullptr;
                case jobs::Cancelled::at_once:
                    return "cancelado";
                case jobs::Cancelled::asked:
                    break;
            }
            return "pedido";
        });
    }
    http::Response discard(Visit& visit) const {
        return act(visit, "jobs.discard", [&](db::Transaction& tx, std::int64_t id) {
            return jobs::discard(tx, id) ? "apartado" : nullptr;
        });
    }

private:
    std::string say(const Visit& visit, const char* text) const {
        return own_.pages.say(visit.language, text);
    }
    std::string path(const Visit& visit, const std::string& rest) const {
        return write_address(RouteKind::staff, visit.language, "/trabajos" + rest);
    }
    db::Pool& pool(const Visit& visit) const { return own_.services.databases.of(visit.place()); }

    /// Done, written down and told to who watches, in one transaction; nullptr where there was nothing to do.
    template <class F>
    http::Response act(Visit& visit, const char* action, F&& what) const {
        const auto id = id_of(visit);
        auto tx = pool(visit).begin_kernel(visit.place().id);
        const char* result = what(tx, id);
        if (result) {
            audit::record(tx,
                          identity::event_of(origin_of(visit), visit.place().id, action, std::to_string(id)));
            jobs::changed(tx);
            tx.commit();
        }
        const auto state = state_asked(visit.asked().form_value("estado"));
        return see_other(path(visit, "") + "?hecho=" + (result ? result : "nada") +
                         (state.empty() ? "" : std::string("&estado=") + named(state).word));
    }

    Json outcome(const Visit& visit) const {
        const auto word = visit.asked().query_value("hecho");
        for (const auto& one : outcomes)
            if (word && *word == one.word) return say(visit, one.text);
        return {};
    }

    Json kpis(const Visit& visit, const std::vector<jobs::StateCount>& counts) const {
        Json list = Json::array();
        for (const auto& [state, jobs] : counts) {
            const auto& name = named(state);
            const auto number = own_.pages.formats(visit.place()).number(visit.language, jobs);
            list.push_back(Json::object({{"value", jobs >= jobs::most_counted ? "≥ " + number : number},
                                         {"label", say(visit, name.label)},
                                         {"tone", jobs > 0 && *name.tone ? Json(name.tone) : Json()},
                                         {"href", path(visit, "") + "?estado=" + name.word}}));
        }
        return list;
    }

    Json filters(const Visit& visit, const std::string& state) const {
        Json list = Json::array();
        list.push_back(Json::object(
            {{"label", say(visit, texts::all_jobs)}, {"href", path(visit, "")}, {"current", state.empty()}}));
        for (const auto& one : states)
            list.push_back(Json::object({{"label", say(visit, one.label)},
                                         {"href", path(visit, "") + "?estado=" + one.word},
                                         {"current", state == one.state}}));
        return list;
    }

    /// As its plugin calls it, in the visitor's language; else the kind.
    std::string name_of(const Visit& visit, const jobs::JobInfo& job) const {
        if (job.kind == plugins::event_job_kind) return say(visit, texts::job_event);
        const auto* handler = own_.services.registry.job_handler(job.plugin, job.kind);
        if (!handler || handler->label.empty()) return job.kind;
        return own_.services.catalogs.translate(visit.language, job.plugin, handler->label);
    }

    std::string when(const Visit& visit, const jobs::JobInfo& job) const {
        const auto& text = !job.finished_at.empty()                            ? job.finished_at
                           : job.state == "running" && !job.started_at.empty() ? job.started_at
                                                                               : job.run_at;
        return own_.pages.formats(visit.place()).date_time(visit.language, instant(text), i18n::Style::brief);
    }

    Json row(const Visit& visit, const jobs::JobInfo& job) const {
        const auto& state = named(job.state);
        const auto button = [&](bool shown, const char* verb) {
            return shown ? Json(path(visit, fmt::format("/{}/{}", job.id, verb))) : Json();
        };
        const bool running = job.state == "running", waiting = job.state == "waiting",
                   dead = job.state == "dead";
        return Json::object(
            {{"id", job.id},
             {"name", name_of(visit, job)},
             {"plugin", job.plugin},
             {"state", job.state},
             {"state_label", say(visit, job.cancel_requested && running ? texts::job_stopping : state.one)},
             {"tone", *state.tone ? Json(state.tone) : Json()},
             {"attempts", fmt::format("{} / {}", job.attempts, job.max_attempts)},
             {"when", when(visit, job)},
             {"running", running},
             {"percent", running && job.total > 0 ? Json(percent_of(job)) : Json()},
             {"progress", progress_text(job)},
             {"error", job.last_error.empty() || job.state == "done" ? Json() : Json(job.last_error)},
             {"retry_href",
              button(dead || job.state == "cancelled" || (waiting && job.attempts > 0), "reintentar")},
             {"cancel_href", button(waiting || (running && !job.cancel_requested), "cancelar")},
             {"discard_href", button(dead, "apartar")}});
    }

    OwnPages& own_;
};

}  // namespace

void OwnPages::add_jobs(std::vector<Entry>& table) {
    const auto add = adding(table, std::make_shared<JobPages>(*this), identity::permission::manage_jobs);
    add("GET", "/trabajos", &JobPages::list);
    add("GET", "/trabajos/eventos", &JobPages::events);
    add("POST", "/trabajos/:id/reintentar", &JobPages::retry);
    add("POST", "/trabajos/:id/cancelar", &JobPages::cancel);
    add("POST", "/trabajos/:id/apartar", &JobPages::discard);
}

}  // namespace kernel::web
