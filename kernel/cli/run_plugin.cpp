#include "kernel/base/tr.hpp"
#include "kernel/cli/command_core.hpp"
#include "kernel/cli/usage.hpp"
#include "kernel/i18n/message_language.hpp"
#include "kernel/plugins/run_command.hpp"
#include "kernel/runtime/front.hpp"
#include "kernel/web/page_changes.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

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

/// The verbs of a plugin, as they are typed.
class Verbs {
public:
    struct Typed {
        const plugins::Command& command;
        const Line& line;
    };

    Verbs(Context& context, const std::string& plugin, const plugins::Registry& registry,
          const i18n::Catalogs& catalogs)
        : app_(base::tr("Órdenes de «{}»", plugin), "concejo " + plugin) {
        const Say say = [&](const std::string& spanish) {
            return catalogs.translate(i18n::message_language(), plugin, spanish);
        };
        speak(app_);
        app_.require_subcommand(1);
        for (const auto& command : registry.commands) {
            if (command.plugin_id != plugin) continue;
            auto* verb = app_.add_subcommand(command.declaration.at("verb").as_string(),
                                             say(command.declaration.string_or("help", "")));
            if (command.declaration.bool_or("hidden", false)) verb->group("");
            common_options(verb, context);
            lines_.push_back(std::make_unique<Line>());
            verb->add_option("--tenant", lines_.back()->tenant, base::tr("Municipio (nombre de su archivo)"))
                ->required();
            declare(*verb, command.declaration, *lines_.back(), say);
            verbs_.emplace_back(verb, &command);
        }
    }

    bool empty() const { return verbs_.empty(); }

    /// Where that is no command to run (help, wrong use): says so, and its exit code is in `code`.
    std::optional<Typed> parse(const std::vector<std::string>& arguments, int& code) {
        try {
            app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend() - 1));
        } catch (const CLI::ParseError& error) {
            code = end_parsing(app_, error);
            return std::nullopt;
        }
        for (std::size_t i = 0; i < verbs_.size(); ++i)
            if (verbs_[i].first->parsed()) return Typed{*verbs_[i].second, *lines_[i]};
        code = 2;
        return std::nullopt;
    }

private:
    CLI::App app_;
    std::vector<std::pair<CLI::App*, const plugins::Command*>> verbs_;
    std::vector<std::unique_ptr<Line>> lines_;
};

/// Without an installation: the help of the official plugins, and what is wrong in the words.
int explain_plugin_command(Context& context, const std::vector<std::string>& arguments) {
    const auto& plugin = arguments.front();
    plugins::Registry registry;
    plugins::Loader loader(registry, {});
    const auto candidates = plugins::discover({paths::official_plugins_folder()});
    std::set<std::string> ids;
    for (const auto& candidate : candidates) ids.insert(candidate.id);
    loader.load(candidates, ids);
    i18n::Catalogs catalogs;
    for (const auto& one : loader.plugins())
        if (one->id == plugin && std::filesystem::exists(one->folder / "locale"))
            catalogs.load(plugin, one->folder / "locale");
    Verbs verbs(context, plugin, registry, catalogs);
    if (verbs.empty())
        throw Error(ErrorKind::invalid,
                    base::tr("«{}» no es una orden ni un complemento oficial con órdenes; "
                             "si es de una instalación, diga de cuál con --dir DIR",
                             plugin));
    int code = 0;
    if (verbs.parse(arguments, code)) context.paths();  // which says that the folder is missing
    return code;
}

}  // namespace

int run_plugin_command(Context& context, const std::vector<std::string>& arguments) {
    if (const auto dir = value_of(arguments, "--dir"); !dir.empty()) context.dir = dir;
    if (context.dir.empty()) return explain_plugin_command(context, arguments);
    const auto& plugin = arguments.front();
    CommandCore core(context);
    Verbs verbs(context, plugin, core.core().registry, core.core().catalogs);
    if (verbs.empty())
        throw Error(ErrorKind::invalid, base::tr("«{}» no es una orden ni un complemento activo con "
                                                 "órdenes: vea «concejo --help» y «concejo plugin list»",
                                                 plugin));
    int code = 0;
    const auto typed = verbs.parse(arguments, code);
    if (!typed) return code;
    const auto& tenant = core.tenant(typed->line.tenant);
    if (!tenant.has(plugin))
        throw Error(ErrorKind::invalid, base::tr("«{0}» no está activo en {1}", plugin, tenant.config.slug));
    runtime::Front front(core.core());
    plugins::Scope scope;
    scope.tenant = &tenant;
    scope.language = i18n::message_language();  // what the command says is for whoever typed it
    scope.who = identity::Principal::system("cli");
    scope.request_id = "cli";
    plugins::run_command(front.services, typed->command, scope, typed->line.json(context.json),
                         context.terminal);
    // Whoever looks next sees it, as after a form of the staff. Only a server makes the file: it is that user's.
    if (const auto file = core.core().paths.page_changes(); std::filesystem::exists(file))
        web::PageChanges(file).add(tenant.id);
    return context.terminal.exit_code;
}

}  // namespace kernel::cli
