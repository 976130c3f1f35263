#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"
#include "kernel/runtime/configuration.hpp"

#include <fmt/format.h>

namespace kernel::cli {
namespace {

using concejo::Json;

void check(Context& context) {
    const auto paths = context.paths();
    const auto configuration = runtime::read_configuration(paths, paths.config());
    const auto& problems = configuration.installation.problems;
    const bool good = !problems.has_errors();
    if (context.json) {
        context.terminal.out(Json::object({{"ok", good}, {"problems", problems.json()}}).dump());
    } else {
        if (!problems.all().empty()) context.terminal.err(problems.text());
        if (good)
            context.terminal.out(base::tr("La configuración de {0} es correcta. Municipios: {1}.",
                                          paths.config().string(),
                                          configuration.installation.municipios.size()));
    }
    context.exit_code = good ? 0 : 1;
}

void schema(Context& context, bool platform) {
    const auto paths = context.paths();
    const auto configuration = runtime::read_configuration(paths, paths.config());
    const config::Loader loader(paths::share_folder() / "config");
    const auto schemas = runtime::schemas_of(configuration.candidates);
    context.terminal.out(
        (platform ? loader.platform_schema_json(schemas) : loader.schema_json(schemas)).dump(true));
}

void show(Context& context, const std::string& slug, bool origin) {
    const auto paths = context.paths();
    const auto configuration = runtime::read_configuration(paths, paths.config());
    const auto& installation = configuration.installation;
    if (installation.problems.has_errors()) context.terminal.err(installation.problems.text());
    context.terminal.out(slug.empty() ? installation.show_platform(origin) : installation.show(slug, origin));
}

}  // namespace

void add_config(CLI::App& app, Context& context) {
    auto* config = app.add_subcommand("config", base::tr("Comprueba y muestra la configuración"));
    config->require_subcommand(1);

    auto* checking = config->add_subcommand(
        "check", base::tr("Todos los problemas a la vez, con archivo, línea y columna; 1 si hay errores"));
    common_options(checking, context);
    checking->callback([&context] { check(context); });

    auto* describing =
        config->add_subcommand("schema", base::tr("El JSON Schema de los archivos, para el editor"));
    auto platform = std::make_shared<bool>(false);
    common_options(describing, context);
    describing->add_flag("--platform", *platform,
                         base::tr("El de platform.yaml, en vez del de municipios/*.yaml"));
    describing->callback([&context, platform] { schema(context, *platform); });

    auto* showing =
        config->add_subcommand("show", base::tr("Los valores que rigen, con sus valores por defecto"));
    auto slug = std::make_shared<std::string>();
    auto origin = std::make_shared<bool>(false);
    common_options(showing, context);
    showing->add_option("municipio", *slug,
                        base::tr("Nombre del archivo del municipio, sin .yaml; sin él, la plataforma"));
    showing->add_flag("--origin", *origin, base::tr("Dice el archivo y la línea de cada valor"));
    showing->callback([&context, slug, origin] { show(context, *slug, *origin); });
}

}  // namespace kernel::cli
