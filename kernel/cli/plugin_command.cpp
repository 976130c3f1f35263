#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/runtime/configuration.hpp"

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

void list(Context& context) {
    const auto paths = context.paths();
    const auto configuration = runtime::read_configuration(paths, paths.config());
    const auto wanted = configuration.wanted();
    Json all = Json::array();
    for (const auto& candidate : configuration.candidates) {
        Json entry = Json::object({{"id", candidate.id},
                                   {"active", wanted.count(candidate.id) != 0},
                                   {"folder", candidate.folder.string()}});
        try {
            const auto descriptor = plugins::read_descriptor(candidate.library());
            entry["version"] = descriptor.version;
            entry["sdk"] = fmt::format("{}.{}", descriptor.raw.abi_major, descriptor.raw.abi_minor);
            entry["toolchain"] = descriptor.toolchain;
            entry["requires"] = words(descriptor.requires_);
            entry["provides"] = words(descriptor.provides);
            entry["problems"] =
                words(plugins::check_descriptor(descriptor, candidate.id, plugins::table_names()));
        } catch (const concejo::Error& error) {
            entry["problems"] = Json::array({error.what()});
        }
        all.push_back(std::move(entry));
    }
    if (context.json) return context.terminal.out(Json::object({{"plugins", all}}).dump());
    for (const auto& entry : all.as_array()) {
        context.terminal.out(fmt::format(
            "{:<28} {:<10} SDK {:<5} {:<20} {}", entry["id"].as_string(), entry.string_or("version", "?"),
            entry.string_or("sdk", "?"), entry.string_or("toolchain", "?"),
            entry["active"].as_bool() ? base::tr("activo") : base::tr("sin activar")));
        for (const auto& problem : entry["problems"].as_array())
            context.terminal.out("    " + problem.as_string());
    }
}

void check(Context& context, const std::string& file) {
    std::vector<std::string> problems = plugins::check_file(file, std::nullopt);
    if (problems.empty()) {
        try {
            const auto path = std::filesystem::absolute(file);
            problems = plugins::check_descriptor(plugins::read_descriptor(path), path.stem().string(),
                                                 plugins::table_names());
        } catch (const concejo::Error& error) {
            problems.emplace_back(error.what());
        }
    }
    context.exit_code = problems.empty() ? 0 : 1;
    context.answer(Json::object({{"ok", problems.empty()}, {"problems", words(problems)}}),
                   problems.empty() ? base::tr("{}: correcto", file)
                                    : fmt::format("{}: {}", file, fmt::join(problems, "\n    ")));
}

}  // namespace

void add_plugin(CLI::App& app, Context& context) {
    auto* plugin = app.add_subcommand("plugin", base::tr("Complementos: cuáles hay y si sirven"));
    plugin->require_subcommand(1);
    auto* listing = plugin->add_subcommand("list", base::tr("Los complementos de las carpetas configuradas"));
    common_options(listing, context);
    listing->callback([&context] { list(context); });
    auto* checking = plugin->add_subcommand(
        "check", base::tr("Examina un archivo sin ejecutarlo; 1 si no puede cargarse"));
    auto file = std::make_shared<std::string>();
    common_options(checking, context);
    checking->add_option("archivo", *file, base::tr("El .so, con el nombre de su identificador"))->required();
    checking->callback([&context, file] { check(context, *file); });
}

}  // namespace kernel::cli
