#include "kernel/cli/serve.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/log.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/cli/service_manager.hpp"
#include "kernel/http/server.hpp"
#include "kernel/runtime/config_desk.hpp"
#include "kernel/runtime/configuration.hpp"
#include "kernel/runtime/database_keeper.hpp"
#include "kernel/runtime/measures.hpp"
#include "kernel/runtime/privileges.hpp"
#include "kernel/runtime/quarantine_audit.hpp"
#include "kernel/supervisor/supervisor.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <tuple>

namespace kernel::cli {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

/// What went wrong, named by the files that people edit and not by the copy that was read.
std::string readable(std::string text, const paths::Paths& paths, unsigned generation) {
    const auto copy = paths.snapshot(generation).string();
    for (std::size_t at; (at = text.find(copy)) != std::string::npos;)
        text.replace(at, copy.size(), paths.config().string());
    return text;
}

supervisor::Plan plan(const paths::Paths& paths, unsigned generation,
                      const std::shared_ptr<runtime::Measures>& measures) {
    runtime::take_snapshot(paths, generation);
    const auto configuration = std::make_shared<runtime::Configuration>(
        runtime::read_configuration(paths, paths.snapshot(generation)));
    const auto& installation = configuration->installation;
    const auto problems = installation.problems.has_errors()
                              ? readable(installation.problems.text(), paths, generation)
                              : std::string();
    if (!installation.usable) {
        std::filesystem::remove_all(paths.snapshot(generation));
        throw Error(ErrorKind::invalid, base::tr("la configuración tiene errores:") + "\n" + problems);
    }
    if (!problems.empty())
        base::log_error({"config", {}, {}, {}},
                        "hay municipios con errores: siguen con su última configuración correcta",
                        Json::object({{"problems", problems}}));
    runtime::apply_log_level(installation.platform);
    runtime::hand_over_snapshot(paths, installation.platform, generation);
    runtime::provision_databases(paths, installation.platform);
    const auto& http = installation.platform.http;
    supervisor::Plan result;
    result.address = http.address;
    result.port = http.port;
    result.web_workers = http.workers;
    result.job_workers = installation.platform.job_workers;
    result.drain_seconds = static_cast<unsigned>(http.drain.count());
    result.problems = problems;
    const auto metrics = config::metrics_config(installation.platform);
    result.metrics_address = metrics.address;
    result.metrics_port = metrics.port;
    result.serving = [configuration, measures] {
        measures->follow(configuration->installation);
        runtime::last_good_of(configuration->installation.platform).keep(configuration->installation);
    };
    return result;
}

void only_once(const paths::Paths& paths) {
    if (supervisor::supervisor_runs(paths))
        throw Error(ErrorKind::conflict,
                    base::tr("ya hay un servidor en marcha en {0}: párelo con «concejo stop --dir {1}»",
                             paths.dir.string(), paths.dir.string()));
}

/// The file of a server is there after its end where it was killed: its workers have the port until they notice.
int listen(const config::HttpConfig& http, const paths::Paths& paths) {
    const bool killed = std::filesystem::exists(paths.server_file());
    return http::listen_on(http.address, http.port, std::chrono::seconds(killed ? 10 : 0));
}

}  // namespace

int serve(Context& context, const std::function<void(unsigned short)>& on_ready, bool safe) {
    ::signal(SIGPIPE, SIG_IGN);  // a log that nobody reads ends no server
    const auto paths = context.paths();
    const int handed_over = http::handed_over_socket();  // before any file takes the number of a wrong one
    only_once(paths);
    const auto first = runtime::read_configuration(paths, paths.config());
    if (!first.installation.usable)
        throw Error(ErrorKind::invalid,
                    base::tr("la configuración de {0} tiene errores:\n{1}", paths.config().string(),
                             first.installation.problems.text()));
    const auto& platform = first.installation.platform;
    std::filesystem::create_directories(paths.run());
    runtime::hand_over_folders(paths, platform);
    for (const auto& entry : std::filesystem::directory_iterator(paths.dir)) {
        if (entry.path().filename().string().starts_with(".generacion-"))
            std::filesystem::remove_all(entry.path());
    }
    base::remove_unfinished(paths.config() / "municipios");  // of a server that was killed while it wrote

    supervisor::Options options{paths};
    options.dir_argument = paths.dir.string();
    options.listen_fd = handed_over >= 0 ? handed_over : listen(platform.http, paths);
    options.port = http::port_of(options.listen_fd);
    if (options.port != platform.http.port && platform.http.public_port == platform.http.port)
        context.terminal.err(
            base::tr("El socket entregado escucha en el puerto {0} y http.puerto dice {1}: "
                     "corríjalo, o las direcciones que enseña la sede no serán las suyas.",
                     options.port, platform.http.port));
    const auto keeper = runtime::database_keeper(paths, platform);
    if (keeper) keeper->ensure_running();
    options.database = keeper.get();
    options.safe = safe;
    options.crash_file = runtime::crash_file(platform);
    options.audit = [paths](const crash::Quarantine& quarantine, const std::string& lifted_by) {
        runtime::audit_quarantine(paths, quarantine, lifted_by);
    };
    const auto measures = std::make_shared<runtime::Measures>(paths, first.installation);
    options.measure = [measures](metrics::Page& page) { measures->add_to(page); };
    options.slug = [measures](const std::string& id) { return measures->slug(id); };
    options.version = CONCEJO_VERSION;
    std::tie(options.socket_user, options.socket_group) = runtime::account_of(platform);
    options.configure = [desk = runtime::ConfigDesk(paths)](const Json& request) {
        auto made = desk(request);
        return supervisor::ConfigAnswer{std::move(made.json), std::move(made.file), std::move(made.undo)};
    };
    options.plan = [paths, measures](unsigned generation) { return plan(paths, generation, measures); };
    const auto port = options.port;
    options.on_ready = [paths, port, on_ready, platform] {
        runtime::hand_over_admin_socket(paths, platform);
        base::write_file_atomically(paths.server_file(),
                                    Json::object({{"pid", int(::getpid())}, {"port", int(port)}}).dump());
        on_ready(port);
        tell_service_manager("READY=1");
        base::set_translator({});  // from here on it writes the log, which is Spanish
    };
    int code = 1;
    try {
        code = supervisor::Supervisor(std::move(options)).run();
    } catch (...) {
        if (keeper) keeper->stop();
        throw;
    }
    if (keeper) keeper->stop();
    std::error_code ignored;
    std::filesystem::remove(paths.server_file(), ignored);
    return code;
}

namespace {

/// The server speaks Spanish; what is wrong with the files this command can say itself.
std::string in_callers_words(const paths::Paths& paths, const std::string& told) {
    const auto problems = runtime::read_configuration(paths, paths.config()).installation.problems;
    return problems.has_errors() ? problems.text() : told;
}

void reload(Context& context) {
    const auto answer = supervisor::ask_supervisor(context.paths(), Json::object({{"command", "reload"}}));
    const bool ok = answer.bool_or("ok", false);
    const auto problems = answer.string_or("problems", "");
    context.exit_code = ok && problems.empty() ? 0 : 1;
    if (context.json) return context.terminal.out(answer.dump());
    if (!ok)
        return context.terminal.err(base::tr("No se ha recargado; sigue la configuración anterior.") + "\n" +
                                    in_callers_words(context.paths(), answer.string_or("error", "")));
    if (!problems.empty())
        context.terminal.err(base::tr("Estos municipios siguen con su última configuración correcta:") +
                             "\n" + in_callers_words(context.paths(), problems));
    context.terminal.out(base::tr("Recargado: sirve la generación {}.", answer.int_or("generation", 0)));
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
    auto* serving =
        app.add_subcommand("serve", base::tr("Pone en marcha el servidor hasta que se le pare (Ctrl-C)"));
    common_options(serving, context);
    auto safe = std::make_shared<bool>(false);
    serving->add_flag("--safe", *safe,
                      base::tr("Solo con los complementos de «modo_seguro» (platform.yaml)"));
    serving->callback([&context, safe] {
        const auto ready = [&](unsigned short port) {
            context.terminal.out(fmt::format("ready http://127.0.0.1:{}/", port));
        };
        context.exit_code = serve(context, ready, *safe);
    });
    auto* reloading = app.add_subcommand("reload", base::tr("Relee la configuración sin dejar de servir"));
    common_options(reloading, context);
    reloading->callback([&context] { reload(context); });
    auto* stopping =
        app.add_subcommand("stop", base::tr("Para el servidor cuando acabe lo que tiene en curso"));
    common_options(stopping, context);
    stopping->callback([&context] {
        context.answer(supervisor::ask_supervisor(context.paths(), Json::object({{"command", "stop"}})),
                       base::tr("Parando."));
    });
    auto* status = app.add_subcommand("status", base::tr("Los procesos del servidor en marcha"));
    common_options(status, context);
    status->callback([&context] {
        context.terminal.out(
            supervisor::ask_supervisor(context.paths(), Json::object({{"command", "status"}}))
                .dump(!context.json));
    });
}

}  // namespace kernel::cli
