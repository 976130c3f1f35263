#include "kernel/cli/commands.hpp"
#include "kernel/runtime/configuration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kernel::cli {
namespace {

using concejo::Json;

void list(Context& context) {
    const auto paths = context.paths();
    const auto configuration = runtime::read_configuration(paths, paths.config());
    Json all = Json::array();
    for (const auto& m : configuration.installation.municipios) {
        Json modules = Json::array(), domains = Json::array();
        for (const auto& [id, module] : m.modules) {
            if (module.active) modules.push_back(id);
        }
        for (const auto& domain : m.domains) domains.push_back(domain);
        all.push_back(Json::object({{"slug", m.slug},
                                    {"id", m.id},
                                    {"name", m.name},
                                    {"url", m.public_url},
                                    {"domains", domains},
                                    {"modules", modules},
                                    {"last_good", m.last_good}}));
        if (!context.json)
            context.terminal.out(
                fmt::format("{:<20} {:<32} {}{}", m.slug, m.name, m.public_url,
                            m.last_good ? "  (fichero con errores: última configuración correcta)" : ""));
    }
    for (const auto& slug : configuration.installation.left_out)
        context.terminal.err(
            fmt::format("{}: su fichero tiene errores y no hay ninguno correcto anterior", slug));
    if (context.json) context.terminal.out(Json::object({{"tenants", all}}).dump());
}

}  // namespace

void add_tenant(CLI::App& app, Context& context) {
    auto* tenant = app.add_subcommand("tenant", "Los municipios de la instalación");
    tenant->require_subcommand(1);
    auto* listing = tenant->add_subcommand("list", "Los municipios y su dirección");
    common_options(listing, context);
    listing->callback([&context] { list(context); });
    add_tenant_export(*tenant, context);
    add_tenant_import(*tenant, context);
}

}  // namespace kernel::cli
