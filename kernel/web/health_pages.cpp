// How the platform is, as far as it matters to a municipality, and what to do about it. No address, path or
// secret of the machine.
#include "kernel/backup/last_copy.hpp"
#include "kernel/jobs/job.hpp"
#include "kernel/mail/mail.hpp"
#include "kernel/outbox/effect.hpp"
#include "kernel/plugins/deliver_effect.hpp"
#include "kernel/web/page_tools.hpp"
#include "kernel/web/supervisor_answer.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

#include <filesystem>

namespace kernel::web {

using concejo::Json;

namespace {

constexpr std::uintmax_t least_space = 500ull << 20;  // as concejo doctor

class HealthPages : PageTools {
public:
    using PageTools::PageTools;

    http::Response show(Visit& visit) const {
        Json checks = Json::array();
        server(visit, checks);
        database(visit, checks);
        configuration(visit, checks);
        modules(visit, checks);
        jobs(visit, checks);
        outbox(visit, checks);
        space(visit, checks);
        copies(visit, checks);
        bool well = true;
        for (const auto& check : checks.as_array()) well = well && check["good"].as_bool();
        return page(visit, "web/health",
                    Json::object({{"title", say(visit, texts::health)},
                                  {"well", well},
                                  {"overall", say(visit, well ? texts::health_well : texts::health_unwell)},
                                  {"checks", std::move(checks)}}));
    }

private:
    /// `todo`: what to do, "" where all is well. `href`: where, for who may go there.
    void add(const Visit& visit, Json& checks, const char* what, bool good, std::string text,
             const char* todo = nullptr, std::string_view permission = {}, const char* href = "") const {
        const bool may = *href && visit.who.may(permission);
        checks.push_back(Json::object({{"what", say(visit, what)},
                                       {"good", good},
                                       {"state", say(visit, good ? texts::health_good : texts::health_bad)},
                                       {"tone", good ? "ok" : "err"},
                                       {"text", std::move(text)},
                                       {"todo", good || !todo ? Json() : Json(say(visit, todo))},
                                       {"href", may ? Json(staff(visit, href)) : Json()}}));
    }

    void server(const Visit& visit, Json& checks) const {
        try {
            const auto status = ask_supervisor(own_, Json::object({{"command", "status"}}));
            long ready = 0, all = 0;
            for (const auto& worker : status.at("workers").as_array()) {
                if (worker.bool_or("draining", false)) continue;
                ++all;
                ready += worker.bool_or("ready", false);
            }
            add(visit, checks, texts::health_server, ready == all,
                say(visit, texts::health_workers,
                    {{"n", number(visit, ready)}, {"g", number(visit, status.int_or("generation", 0))}}),
                texts::health_server_todo);
            quarantines(visit, checks, status);
        } catch (const concejo::Error&) {
            add(visit, checks, texts::health_server, false, say(visit, texts::health_server_silent),
                texts::health_server_todo);
        }
    }

    void quarantines(const Visit& visit, Json& checks, const Json& status) const {
        if (!status["quarantines"].is_array()) return;
        for (const auto& one : status["quarantines"].as_array()) {
            const auto tenant = one.string_or("tenant", "");
            const auto plugin = one.string_or("plugin", "");
            if ((!tenant.empty() && tenant != visit.place().id) || !visit.place().has(plugin)) continue;
            add(visit, checks, texts::health_quarantine, false,
                say(visit, texts::health_quarantined,
                    {{"plugin", plugin}, {"time", when(visit, one.string_or("since", ""))}}),
                texts::health_quarantine_todo, identity::permission::manage_installation,
                visit.place().config.slug == own_.services.platform.admin_municipio
                    ? "/instalacion/complementos"
                    : "");
        }
    }

    void database(const Visit& visit, Json& checks) const {
        try {
            pool(visit).begin_kernel(visit.place().id).exec("select 1");
            add(visit, checks, texts::health_database, true, say(visit, texts::health_answers));
        } catch (const std::exception&) {
            add(visit, checks, texts::health_database, false, say(visit, texts::health_no_answer),
                texts::health_database_todo);
        }
    }

    void configuration(const Visit& visit, Json& checks) const {
        const bool old = visit.place().config.last_good;
        add(visit, checks, texts::health_configuration, !old,
            say(visit, old ? texts::health_last_good : texts::health_configuration_good),
            texts::health_configuration_todo, identity::permission::manage_modules, "/modulos");
    }

    void modules(const Visit& visit, Json& checks) const {
        std::string missing;
        for (const auto& [id, why] : visit.place().unavailable) missing += (missing.empty() ? "" : ", ") + id;
        add(visit, checks, texts::modules, missing.empty(),
            missing.empty() ? say(visit, texts::health_modules_good,
                                  {{"n", number(visit, static_cast<long>(visit.place().modules.size()))}})
                            : say(visit, texts::health_modules_bad, {{"list", missing}}),
            texts::health_modules_todo, identity::permission::manage_modules, "/modulos");
    }

    void jobs(const Visit& visit, Json& checks) const {
        std::int64_t dead = 0, waiting = 0;
        auto tx = pool(visit).begin_kernel(visit.place().id);
        for (const auto& [state, count] : jobs::count(tx)) {
            if (std::string_view(state) == "dead") dead = count;
            if (std::string_view(state) == "waiting") waiting = count;
        }
        add(visit, checks, texts::background_jobs, dead == 0,
            say(visit, texts::health_jobs,
                {{"waiting", number(visit, waiting)}, {"dead", number(visit, dead)}}),
            texts::health_jobs_todo, identity::permission::manage_jobs, "/trabajos?estado=perdidos");
    }

    void outbox(const Visit& visit, Json& checks) const {
        const auto all = outbox::count(pool(visit), visit.place().id);
        const auto mails =
            outbox::count(pool(visit), visit.place().id, plugins::kernel_id, mail::effect_kind);
        add(visit, checks, texts::outbox_title, all.unknown + all.dead == 0,
            say(visit, texts::health_outbox,
                {{"waiting", number(visit, all.waiting)},
                 {"unknown", number(visit, all.unknown)},
                 {"dead", number(visit, all.dead)}}),
            texts::health_outbox_todo, identity::permission::manage_outbox, "/envios");
        const bool silent = !own_.services.platform.mail;
        add(visit, checks, texts::outbox_mail, !silent || mails.waiting == 0,
            say(visit, silent ? texts::health_no_mail : texts::health_mail,
                {{"n", number(visit, mails.waiting)}}),
            texts::health_mail_todo);
    }

    void space(const Visit& visit, Json& checks) const {
        std::error_code failed;
        const auto free = std::filesystem::space(own_.services.platform.data, failed).available;
        const bool known = !failed;
        add(visit, checks, texts::health_space, known && free >= least_space,
            known ? say(visit, texts::health_free,
                        {{"n", own_.pages.formats(visit.place())
                                   .number(visit.language, static_cast<double>(free) / (1 << 30), 1)}})
                  : say(visit, texts::health_no_answer),
            texts::health_space_todo);
    }

    void copies(const Visit& visit, Json& checks) const {
        const auto copy = backup::last_copy(own_.services.platform.data);
        const bool good = copy && copy->whole && own_.clock.now() - copy->made <= backup::old_copy;
        add(visit, checks, texts::health_copy, good,
            copy ? say(visit, copy->whole ? texts::health_copy_last : texts::health_copy_damaged,
                       {{"time", when(visit, copy->made)},
                        {"size", megabytes(visit, copy->bytes)},
                        {"verified", when(visit, copy->verified)}})
                 : say(visit, texts::health_copy_never),
            texts::health_copy_todo);
    }

    std::string megabytes(const Visit& visit, std::uint64_t bytes) const {
        return own_.pages.formats(visit.place()).number(visit.language, static_cast<double>(bytes) / 1e6, 1) +
               " MB";
    }
};

}  // namespace

void OwnPages::add_health(std::vector<Entry>& table) {
    const auto pages = std::make_shared<HealthPages>(*this);
    table.push_back(own_entry(plugins::RouteKind::staff, "GET", "/salud",
                              [=](Visit& visit) { return pages->show(visit); }));
    table.back().permission = identity::permission::see_health;
}

}  // namespace kernel::web
