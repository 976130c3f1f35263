#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"
#include "kernel/runtime/configuration.hpp"
#include "kernel/runtime/database_keeper.hpp"
#include "kernel/runtime/quarantine_audit.hpp"
#include "kernel/supervisor/supervisor.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::cli {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

struct QuarantineOptions {
    std::string plugin, tenant;
};

std::string id_of(const runtime::Configuration& configuration, const std::string& slug) {
    if (slug.empty()) return {};
    std::string known;
    for (const auto& municipio : configuration.installation.municipios) {
        if (municipio.slug == slug) return municipio.id;
        known += (known.empty() ? "" : ", ") + municipio.slug;
    }
    throw Error(ErrorKind::invalid, base::tr("no hay ningún municipio «{0}»; los que hay: {1}", slug, known));
}

/// Where no server runs: what the next one will read.
Json restore_at_rest(const paths::Paths& paths, const runtime::Configuration& configuration,
                     const std::string& plugin, const std::string& tenant) {
    const auto& platform = configuration.installation.platform;
    const base::SystemClock clock;
    crash::Ledger ledger(runtime::crash_file(platform), clock);
    const auto lifted = ledger.restore(plugin, tenant.empty() ? std::nullopt : std::optional(tenant));
    if (!lifted.empty()) {
        const runtime::DatabaseSession database(paths, platform);
        for (const auto& quarantine : lifted) runtime::audit_quarantine(paths, quarantine, "system:cli");
    }
    return Json::object({{"ok", true}, {"lifted", lifted.size()}});
}

void lift_quarantine(Context& context, const QuarantineOptions& asked) {
    const auto paths = context.paths();
    const auto configuration = runtime::read_configuration(paths, paths.config());
    const auto tenant = id_of(configuration, asked.tenant);
    const auto request = Json::object({{"command", "restore"}, {"plugin", asked.plugin}, {"tenant", tenant}});
    auto answer = supervisor::supervisor_runs(paths)
                      ? supervisor::ask_supervisor(paths, request)
                      : restore_at_rest(paths, configuration, asked.plugin, tenant);
    if (answer.int_or("lifted", 0) == 0) {
        answer["ok"] = false;
        answer["error"] =
            tenant.empty()
                ? base::tr("«{}» no está en cuarentena: vea «concejo plugin list»", asked.plugin)
                : base::tr("«{0}» no tiene una cuarentena propia de {1}: vea «concejo plugin list»",
                           asked.plugin, asked.tenant);
    }
    const bool ok = answer.bool_or("ok", false);
    context.exit_code = ok ? 0 : 1;
    if (context.json) return context.terminal.out(answer.dump());
    if (ok) return context.terminal.out(base::tr("«{}» vuelve a servir.", asked.plugin));
    context.terminal.err(answer.string_or("error", ""));
}

}  // namespace

void add_plugin_restore(CLI::App& plugin, Context& context) {
    auto* restoring = plugin.add_subcommand("restore", base::tr("Saca un complemento de la cuarentena"));
    auto asked = std::make_shared<QuarantineOptions>();
    common_options(restoring, context);
    restoring->add_option("id", asked->plugin, base::tr("El complemento"))->required();
    restoring->add_option("--tenant", asked->tenant, base::tr("Solo en este municipio"));
    restoring->callback([&context, asked] { lift_quarantine(context, *asked); });
}

}  // namespace kernel::cli
