#include "kernel/base/tr.hpp"
#include "kernel/jobs/job.hpp"

#include "kernel/cli/command_core.hpp"

#include <fmt/format.h>

namespace kernel::cli {
namespace {

using concejo::Json;

struct Asked {
    std::string tenant, state;
    std::int64_t id = 0;
};

void list(Context& context, const Asked& asked) {
    CommandCore core(context);
    const auto& tenant = core.tenant(asked.tenant);
    Json all = Json::array();
    for (const auto& job : jobs::list(core.core().databases->of(tenant), tenant.id, asked.state)) {
        all.push_back(Json::object({{"id", job.id},
                                    {"plugin", job.plugin},
                                    {"kind", job.kind},
                                    {"state", job.state},
                                    {"attempts", job.attempts},
                                    {"run_at", job.run_at},
                                    {"error", job.last_error},
                                    {"done", job.done},
                                    {"total", job.total}}));
        if (!context.json)
            context.terminal.out(fmt::format("{:>8} {:<20} {:<28} {:<8} {}/{} {}", job.id, job.plugin,
                                             job.kind, job.state, job.attempts, job.max_attempts,
                                             job.last_error));
    }
    if (context.json) context.terminal.out(Json::object({{"jobs", all}}).dump());
}

void retry(Context& context, const Asked& asked) {
    CommandCore core(context);
    const bool done = jobs::retry(core.core().databases->of(core.tenant(asked.tenant)), asked.id);
    context.exit_code = done ? 0 : 1;
    context.answer(Json::object({{"ok", done}}),
                   done ? base::tr("Se intentará de nuevo enseguida.")
                        : base::tr("No hay ningún trabajo parado con ese número."));
}

}  // namespace

void add_jobs(CLI::App& app, Context& context) {
    auto* jobs = app.add_subcommand("jobs", base::tr("Los trabajos en segundo plano"));
    jobs->require_subcommand(1);
    auto asked = std::make_shared<Asked>();
    auto* listing = jobs->add_subcommand("list", base::tr("Los últimos trabajos del municipio"));
    common_options(listing, context);
    listing->add_option("--tenant", asked->tenant, base::tr("Municipio (nombre de su archivo)"))->required();
    listing->add_option("--state", asked->state, base::tr("waiting, running, done o dead"));
    listing->callback([&context, asked] { list(context, *asked); });
    auto* retrying =
        jobs->add_subcommand("retry", base::tr("Vuelve a intentar un trabajo que se dio por perdido"));
    common_options(retrying, context);
    retrying->add_option("--tenant", asked->tenant, base::tr("Municipio (nombre de su archivo)"))->required();
    retrying->add_option("numero", asked->id, base::tr("Número del trabajo"))->required();
    retrying->callback([&context, asked] { retry(context, *asked); });
}

}  // namespace kernel::cli
