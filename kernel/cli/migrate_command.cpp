#include "kernel/base/tr.hpp"
#include "kernel/cli/command_core.hpp"

#include <fmt/format.h>

namespace kernel::cli {
namespace {

using concejo::Json;

void migrate(Context& context) {
    CommandCore core(context);
    Json failed = Json::array();
    for (const auto& tenant : core.core().tenants->all()) {
        for (const auto& [plugin, why] : tenant->unavailable) {
            failed.push_back(
                Json::object({{"tenant", tenant->config.slug}, {"plugin", plugin}, {"why", why}}));
            context.terminal.err(fmt::format("{}: {}: {}", tenant->config.slug, plugin, why));
        }
    }
    context.exit_code = failed.empty() ? 0 : 1;
    context.answer(Json::object({{"ok", failed.empty()}, {"failed", failed}}),
                   base::tr("Municipios al día: {}.", core.core().tenants->all().size()));
}

}  // namespace

void add_migrate(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand(
        "migrate", base::tr("Pone al día las tablas de todos los municipios; 1 si alguna no ha podido"));
    common_options(command, context);
    command->callback([&context] { migrate(context); });
}

}  // namespace kernel::cli
