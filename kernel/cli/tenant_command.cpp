#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"
#include "kernel/cli/tenant_create.hpp"
#include "kernel/runtime/configuration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kernel::cli {
namespace {

using concejo::Json;

void list_tenants(Context& context) {
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
            context.terminal.out(fmt::format(
                "{:<20} {:<32} {}{}", m.slug, m.name, m.public_url,
                m.last_good ? "  (" + base::tr("archivo con errores: última configuración correcta") + ")"
                            : ""));
    }
    for (const auto& slug : configuration.installation.left_out)
        context.terminal.err(
            base::tr("{}: su archivo tiene errores y no hay ninguno correcto anterior", slug));
    if (context.json) context.terminal.out(Json::object({{"tenants", all}}).dump());
}

}  // namespace

void add_tenant(CLI::App& app, Context& context) {
    auto* tenant = app.add_subcommand("tenant", base::tr("Los municipios de la instalación"));
    tenant->require_subcommand(1);
    auto* listing = tenant->add_subcommand("list", base::tr("Los municipios y su dirección"));
    common_options(listing, context);
    listing->callback([&context] { list_tenants(context); });
    add_tenant_export(*tenant, context);
    add_tenant_import(*tenant, context);

    auto asked = std::make_shared<runtime::NewTenant>();
    auto* creating = tenant->add_subcommand(
        "create",
        base::tr(
            "Escribe el archivo de un municipio nuevo, comentado y comprobado, y dice qué hacer después"));
    common_options(creating, context);
    creating
        ->add_option("--slug", asked->slug,
                     base::tr("Nombre corto, el del archivo: minúsculas, cifras y guiones"))
        ->required();
    creating->add_option("--name", asked->name, base::tr("Nombre oficial de la entidad"))->required();
    creating
        ->add_option("--host", asked->hosts,
                     base::tr("Nombre de host de la sede; puede repetirse, el primero es el canónico"))
        ->required();
    creating->add_option(
        "--ine", asked->ine,
        base::tr("Código INE del municipio, 5 cifras; identifica sus datos y no cambia nunca"));
    creating->add_option("--id", asked->id,
                         base::tr("En lugar de --ine, para entidades que no son municipios"));
    creating->add_option(
        "--language", asked->languages,
        base::tr("Idioma: es, ca, gl, eu o en; puede repetirse, el primero es el de partida"));
    creating->add_option("--module", asked->modules, base::tr("Complemento que se activa; puede repetirse"));
    creating->callback([&context, asked] { create_tenant(context, *asked); });
}

}  // namespace kernel::cli
