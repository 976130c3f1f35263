#include "kernel/cli/commands.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace {

using kernel::cli::Context;

constexpr const char* about =
    "Concejo: la sede electrónica y los portales de un municipio.\n"
    "Además de estas órdenes, cada complemento tiene las suyas: concejo <complemento> --help";

/// The first word that is no option, unless it is one of ours: a plugin's command.
bool is_plugin_command(CLI::App& app, const std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments.front().starts_with("-")) return false;
    const auto ours = app.get_subcommands([](CLI::App*) { return true; });
    return std::none_of(ours.begin(), ours.end(),
                        [&](const CLI::App* command) { return command->get_name() == arguments.front(); });
}

int run(const std::vector<std::string>& arguments) {
    CLI::App app{about, "concejo"};
    Context context;
    if (const char* dir = std::getenv("CONCEJO_DIR")) context.dir = dir;
    app.set_version_flag("--version", CONCEJO_VERSION);
    app.set_help_flag("-h,--help", "Muestra esta ayuda");
    app.require_subcommand(1);
    kernel::cli::add_serve(app, context);
    kernel::cli::add_worker(app, context);
    kernel::cli::add_demo(app, context);
    kernel::cli::add_config(app, context);
    kernel::cli::add_plugin(app, context);
    kernel::cli::add_tenant(app, context);
    kernel::cli::add_user(app, context);
    kernel::cli::add_token(app, context);
    kernel::cli::add_jobs(app, context);
    kernel::cli::add_outbox(app, context);
    kernel::cli::add_mail(app, context);
    kernel::cli::add_migrate(app, context);
    kernel::cli::add_doctor(app, context);
    kernel::cli::add_backup(app, context);
    kernel::cli::add_restore(app, context);

    try {
        if (is_plugin_command(app, arguments)) return kernel::cli::run_plugin_command(context, arguments);
        auto reversed = arguments;
        std::reverse(reversed.begin(), reversed.end());
        app.parse(std::move(reversed));
        return context.exit_code;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const concejo::Error& error) {
        if (context.json) fmt::print("{}\n", concejo::Json::object({{"error", error.what()}}).dump());
        fmt::print(stderr, "concejo: {}\n", error.what());
        return error.kind() == concejo::ErrorKind::invalid ? 2 : 1;
    } catch (const std::exception& error) {
        fmt::print(stderr, "concejo: {}\n", error.what());
        return 1;
    }
}

}  // namespace

int main(int argc, char** argv) { return run(std::vector<std::string>(argv + 1, argv + argc)); }
