#include "kernel/authoring/inspection.hpp"
#include "kernel/authoring/scaffold.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"
#include "kernel/cli/quarantine_report.hpp"
#include "kernel/runtime/plugin_list.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kernel::cli {
namespace {

using concejo::Json;

Json words(const std::vector<std::string>& list) {
    Json json = Json::array();
    for (const auto& word : list) json.push_back(word);
    return json;
}

void list_plugins(Context& context) {
    const auto paths = context.paths();
    const auto configuration = runtime::read_configuration(paths, paths.config());
    const QuarantineReport report(configuration);
    auto all = runtime::plugin_list(configuration);
    for (auto& entry : all.as_array()) report.add_to(entry);
    if (context.json) return context.terminal.out(Json::object({{"plugins", all}}).dump());
    for (const auto& entry : all.as_array()) {
        context.terminal.out(fmt::format(
            "{:<28} {:<10} SDK {:<5} {:<20} {}", entry["id"].as_string(), entry.string_or("version", "?"),
            entry.string_or("sdk", "?"), entry.string_or("toolchain", "?"),
            entry["active"].as_bool() ? base::tr("activo") : base::tr("sin activar")));
        for (const auto& problem : entry["problems"].as_array())
            context.terminal.out("    " + problem.as_string());
        for (const auto& line : QuarantineReport::lines(entry)) context.terminal.out("    " + line);
    }
}

void check(Context& context, const std::string& file, const std::string& sources) {
    const auto inspection = authoring::inspect(file, paths::share_folder(),
                                               sources.empty() ? "" : std::filesystem::absolute(sources));
    std::vector<std::string> problems, warnings;
    std::string text;
    for (const auto& finding : inspection.findings) {
        const bool error = finding.weight == authoring::Finding::Weight::error;
        (error ? problems : warnings).push_back(fmt::format("{}: {}", finding.check, finding.text));
        text += fmt::format("  {}: {}: {}\n", error ? base::tr("error") : base::tr("aviso"),
                            base::translated(finding.check), finding.text);
    }
    context.exit_code = problems.empty() ? 0 : 1;
    const auto about = inspection.id.empty()
                           ? std::string()
                           : fmt::format(" ({} {}, SDK {}, {})", inspection.id, inspection.version,
                                         inspection.sdk, inspection.toolchain);
    text = fmt::format("{}: {}{}\n", file,
                       problems.empty() ? base::tr("correcto") : base::tr("no puede instalarse"), about) +
           text;
    text.pop_back();
    context.answer(Json::object({{"ok", problems.empty()},
                                 {"id", inspection.id},
                                 {"version", inspection.version},
                                 {"sdk", inspection.sdk},
                                 {"toolchain", inspection.toolchain},
                                 {"problems", words(problems)},
                                 {"warnings", words(warnings)}}),
                   text);
}

void create(Context& context, const std::string& name, const std::string& wanted) {
    const auto id = authoring::PluginId::parse(name);
    if (!id) throw concejo::Error(concejo::ErrorKind::invalid, id.error());
    const std::filesystem::path folder = wanted.empty() ? name : wanted;
    const auto files = authoring::scaffold(*id, paths::share_folder() / "skeleton", folder);
    std::vector<std::string> written;
    for (const auto& file : files) written.push_back(file.generic_string());
    auto text = base::tr("{0}: {1} ficheros", folder.generic_string(), written.size()) + "\n";
    for (const auto& file : written) text += fmt::format("  {}\n", file);
    text += base::tr("Siga en {}/README.md", folder.generic_string());
    context.answer(
        Json::object(
            {{"ok", true}, {"id", id->text()}, {"folder", folder.string()}, {"files", words(written)}}),
        text);
}

}  // namespace

void add_plugin(CLI::App& app, Context& context) {
    auto* plugin = app.add_subcommand("plugin", base::tr("Complementos: cuáles hay, si sirven, y uno nuevo"));
    plugin->require_subcommand(1);
    auto* listing = plugin->add_subcommand("list", base::tr("Los complementos de las carpetas configuradas"));
    common_options(listing, context);
    listing->callback([&context] { list_plugins(context); });
    auto* checking = plugin->add_subcommand(
        "check",
        base::tr(
            "Examina un complemento sin ejecutarlo, y lo dice todo de una vez; 1 si no puede instalarse"));
    auto file = std::make_shared<std::string>(), sources = std::make_shared<std::string>();
    common_options(checking, context);
    checking
        ->add_option("fichero", *file, base::tr("El .so, en su carpeta y con el nombre de su identificador"))
        ->required();
    checking
        ->add_option("--sources", *sources,
                     base::tr("Carpeta de sus fuentes: comprueba también que sus textos se traducen"))
        ->check(CLI::ExistingDirectory);
    checking->callback([&context, file, sources] { check(context, *file, *sources); });
    auto* creating = plugin->add_subcommand(
        "new", base::tr("Escribe un complemento nuevo, que ya compila y tiene pruebas"));
    auto id = std::make_shared<std::string>(), folder = std::make_shared<std::string>();
    creating->set_help_flag("-h,--help", base::tr("Muestra esta ayuda"));
    creating->add_flag("--json", context.json, base::tr("Un objeto JSON en la salida estándar"));
    creating
        ->add_option("identificador", *id, base::tr("Un dominio suyo al revés y un nombre: es.miayto.buzon"))
        ->required();
    creating->add_option("--dir", *folder,
                         base::tr("Carpeta que se crea (por defecto, la del identificador)"));
    creating->callback([&context, id, folder] { create(context, *id, *folder); });
    add_plugin_restore(*plugin, context);
}

}  // namespace kernel::cli
