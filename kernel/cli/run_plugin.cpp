#include "kernel/base/tr.hpp"
#include "kernel/cli/command_core.hpp"
#include "kernel/cli/usage.hpp"
#include "kernel/i18n/message_language.hpp"
#include "kernel/plugins/run_command.hpp"
#include "kernel/runtime/front.hpp"
#include "kernel/web/page_changes.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
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

/// What a plugin says of its commands, in the caller's language.
using Say = std::function<std::string(const std::string& spanish)>;

void declare(CLI::App& verb, const Json& declaration, Line& line, const Say& say) {
    if (const auto* options = declaration.find("options")) {
        for (const auto& option : options->as_array()) {
            const auto name = option.at("name").as_string();
            if (option.bool_or("flag", false))
                verb.add_flag("--" + name, line.flags[name], say(option.string_or("help", "")));
            else
                verb.add_option("--" + name, line.options[name], say(option.string_or("help", "")))
                    ->required(option.bool_or("required", false));
        }
    }
    if (const auto* words = declaration.find("words")) {
        for (const auto& word : words->as_array()) {
            const auto name = word.at("name").as_string();
            verb.add_option(name, line.options[name], say(word.string_or("help", "")))->required();
        }
    }
    if (const auto* files = declaration.find("files")) {
        for (const auto& file : files->as_array()) {
            const auto name = file.at("name").as_string();
            verb.add_option(name, line.files[name], say(file.string_or("help", "")))
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

    const auto language = i18n::message_language();
    const Say say = [&](const std::string& spanish) {
        return core.core().catalogs.translate(language, plugin, spanish);
    };
    CLI::App app{base::tr("Órdenes de «{}»", plugin), "concejo " + plugin};
    speak(app);
    app.require_subcommand(1);
    std::vector<std::pair<CLI::App*, const plugins::Command*>> verbs;
    std::vector<std::unique_ptr<Line>> lines;
    for (const auto& command : registry.commands) {
        if (command.plugin_id != plugin) continue;
        auto* verb = app.add_subcommand(command.declaration.at("verb").as_string(),
                                        say(command.declaration.string_or("help", "")));
        if (command.declaration.bool_or("hidden", false)) verb->group("");
        common_options(verb, context);
        lines.push_back(std::make_unique<Line>());
        verb->add_option("--tenant", lines.back()->tenant, base::tr("Municipio (nombre de su archivo)"))
            ->required();
        declare(*verb, command.declaration, *lines.back(), say);
        verbs.emplace_back(verb, &command);
    }
    if (verbs.empty())
        throw Error(ErrorKind::invalid, base::tr("«{}» no es una orden ni un complemento activo con "
                                                 "órdenes: vea «concejo --help» y «concejo plugin list»",
                                                 plugin));

    std::vector<std::string> rest(arguments.rbegin(), arguments.rend() - 1);
    try {
        app.parse(std::move(rest));
    } catch (const CLI::ParseError& error) {
        return end_parsing(app, error);
    }
    for (std::size_t i = 0; i < verbs.size(); ++i) {
        if (!verbs[i].first->parsed()) continue;
        const auto& tenant = core.tenant(lines[i]->tenant);
        if (!tenant.has(plugin))
            throw Error(ErrorKind::invalid,
                        base::tr("«{0}» no está activo en {1}", plugin, tenant.config.slug));
        runtime::Front front(core.core());
        plugins::Scope scope;
        scope.tenant = &tenant;
        scope.language = language;  // what the command says is for whoever typed it
        scope.who = identity::Principal::system("cli");
        scope.request_id = "cli";
        plugins::run_command(front.services, *verbs[i].second, scope, lines[i]->json(context.json),
                             context.terminal);
        // Whoever looks next sees it, as after a form of the staff. Only a server makes the file: it is that user's.
        if (const auto file = core.core().paths.page_changes(); std::filesystem::exists(file))
            web::PageChanges(file).add(tenant.id);
        return context.terminal.exit_code;
    }
    return 2;
}

}  // namespace kernel::cli
