#include "kernel/cli/command_core.hpp"
#include "kernel/plugins/run_command.hpp"
#include "kernel/runtime/front.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kernel::cli {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

/// --dir must be known before the plugins can say what they take.
std::string value_of(const std::vector<std::string>& arguments, const std::string& option) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == option && i + 1 < arguments.size()) return arguments[i + 1];
        if (arguments[i].starts_with(option + "=")) return arguments[i].substr(option.size() + 1);
    }
    return {};
}

struct Line {
    std::map<std::string, std::string> options, files;
    std::map<std::string, bool> flags;
    std::string tenant;

    Json json(bool as_json) const {
        Json all = Json::object({{"json", as_json}});
        for (const auto& [name, value] : options) {
            if (!value.empty()) all[name] = value;
        }
        for (const auto& [name, value] : files) {
            if (!value.empty()) all[name] = std::filesystem::absolute(value).string();
        }
        for (const auto& [name, value] : flags) all[name] = value;
        return all;
    }
};

void declare(CLI::App& verb, const Json& declaration, Line& line) {
    if (const auto* options = declaration.find("options")) {
        for (const auto& option : options->as_array()) {
            const auto name = option.at("name").as_string();
            if (option.bool_or("flag", false))
                verb.add_flag("--" + name, line.flags[name], option.string_or("help", ""));
            else
                verb.add_option("--" + name, line.options[name], option.string_or("help", ""))
                    ->required(option.bool_or("required", false));
        }
    }
    if (const auto* files = declaration.find("files")) {
        for (const auto& file : files->as_array()) {
            const auto name = file.at("name").as_string();
            verb.add_option(name, line.files[name], file.string_or("help", ""))
                ->required(file.bool_or("required", true))
                ->check(CLI::ExistingFile);
        }
    }
}

}  // namespace

int run_plugin_command(Context& context, const std::vector<std::string>& arguments) {
    if (const auto dir = value_of(arguments, "--dir"); !dir.empty()) context.dir = dir;
    const auto& plugin = arguments.front();
    CommandCore core(context);
    auto& registry = core.core().registry;

    CLI::App app{fmt::format("Órdenes de «{}»", plugin), "concejo " + plugin};
    app.set_help_flag("-h,--help", "Muestra esta ayuda");
    app.require_subcommand(1);
    std::vector<std::pair<CLI::App*, const plugins::Command*>> verbs;
    std::vector<std::unique_ptr<Line>> lines;
    for (const auto& command : registry.commands) {
        if (command.plugin_id != plugin) continue;
        auto* verb = app.add_subcommand(command.declaration.at("verb").as_string(),
                                        command.declaration.string_or("help", ""));
        if (command.declaration.bool_or("hidden", false)) verb->group("");
        common_options(verb, context);
        lines.push_back(std::make_unique<Line>());
        verb->add_option("--tenant", lines.back()->tenant, "Municipio (nombre de su fichero)")->required();
        declare(*verb, command.declaration, *lines.back());
        verbs.emplace_back(verb, &command);
    }
    if (verbs.empty())
        throw Error(ErrorKind::invalid, fmt::format("«{}» no es una orden ni un complemento activo con "
                                                    "órdenes: vea «concejo --help» y «concejo plugin list»",
                                                    plugin));

    std::vector<std::string> rest(arguments.rbegin(), arguments.rend() - 1);
    try {
        app.parse(std::move(rest));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    for (std::size_t i = 0; i < verbs.size(); ++i) {
        if (!verbs[i].first->parsed()) continue;
        const auto& tenant = core.tenant(lines[i]->tenant);
        if (!tenant.has(plugin))
            throw Error(ErrorKind::invalid,
                        fmt::format("«{}» no está activo en {}", plugin, tenant.config.slug));
        runtime::Front front(core.core());
        plugins::Scope scope;
        scope.tenant = &tenant;
        scope.language = tenant.config.languages.empty() ? "es" : tenant.config.languages.front();
        scope.who = identity::Principal::system("cli");
        scope.request_id = "cli";
        plugins::run_command(front.services, *verbs[i].second, scope, lines[i]->json(context.json),
                             context.terminal);
        return context.terminal.exit_code;
    }
    return 2;
}

}  // namespace kernel::cli
