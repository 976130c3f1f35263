#include "kernel/supervisor/supervisor.hpp"

#include "kernel/base/clock.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/metrics/catalogue.hpp"
#include "kernel/supervisor/admin_socket.hpp"
#include "kernel/supervisor/database_watch.hpp"
#include "kernel/supervisor/generations.hpp"
#include "kernel/supervisor/loop.hpp"
#include "kernel/supervisor/metrics_front.hpp"
#include "kernel/supervisor/processes.hpp"
#include "kernel/supervisor/reloads.hpp"

#include <concejo/error.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <optional>

namespace kernel::supervisor {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

struct Supervisor::Impl {
    explicit Impl(Options o)
        : options(std::move(o)),
          generations(
              io, options, counted.fd(), [this] { io.stop(); },
              [this](const Plan& plan) { open_port(plan); }),
          reloads(io, [this] { return generations.advance(); }),
          admin(io, options.paths.admin_socket(),
                [this](const Json& request, bool owner) { return answer(request, owner); }) {
        metrics::attach(counted.region());
        count_from_zero();
        if (options.database) database.emplace(io, *options.database);
    }

    metrics::SharedRegion counted;  ///< before all that count
    Options options;
    net::io_context io{1};
    net::signal_set signals{io, SIGTERM, SIGINT, SIGHUP};
    net::signal_set deaths{io, SIGCHLD};
    Generations generations;
    Reloads reloads;
    AdminSocket admin;
    std::optional<DatabaseWatch> database;
    MetricsFront metrics_front{[this] { return collect(); }};
    bool stopping = false;
    bool configuring = false;  ///< a file was written and its reload is under way
    std::exception_ptr failure;

    /// So that a first one is a rise from 0.
    static void count_from_zero() {
        for (const char* result : {"ok", "refused"})
            metrics::here().series(metrics::reloads, {{"result", result}});
        for (const char* role : {"web", "job"})
            for (const char* cause : {"plugin", "signal", "exit"})
                metrics::here().series(metrics::worker_deaths, {{"role", role}, {"cause", cause}});
        for (const auto limit : metrics::limit_names)
            metrics::here().series(metrics::http_limits, {{"limit", limit}});
    }

    /// The other door changes with the configuration; what is wrong with it ends nothing.
    void open_port(const Plan& plan) {
        try {
            metrics_front.listen_on_port(plan.metrics_address, plan.metrics_port);
        } catch (const Error& error) {
            base::log_error(me, "las métricas siguen solo en su socket",
                            Json::object({{"port", int(plan.metrics_port)}, {"why", error.what()}}));
        }
    }

    /// On the thread of the metrics' front: what this thread knows is asked for, and not waited for long.
    metrics::Page collect() {
        metrics::Page page;
        for (const auto* family : metrics::catalogue) page.family(*family);
        page.add(counted.region());
        page.add(metrics::build_info, {{"version", options.version}}, 1);
        const auto known = std::make_shared<std::promise<Known>>();
        auto told = known->get_future();
        net::post(io, [this, known] { known->set_value(look()); });
        if (told.wait_for(std::chrono::seconds(2)) == std::future_status::ready)
            add_processes(page, counted.region(), told.get(), options.slug);
        if (options.measure) options.measure(page);
        return page;
    }

    Known look() const {
        Known known{generations.current(), {}, generations.desk().quarantines()};
        known.workers = generations.running();
        return known;
    }

    awaitable<std::string> reload() {
        auto why = co_await reloads.ask();
        metrics::here().series(metrics::reloads, {{"result", why.empty() ? "ok" : "refused"}}).add();
        if (!why.empty())
            base::log_error(me, "recarga rechazada, sigue la configuración anterior",
                            Json::object({{"why", why}}));
        co_return why;
    }

    awaitable<void> reload_unasked() { co_await reload(); }

    Json answer_to_reload(const std::string& why) const {
        if (!why.empty()) return Json::object({{"ok", false}, {"error", why}});
        return Json::object(
            {{"ok", true}, {"generation", generations.current()}, {"problems", generations.problems()}});
    }

    Json status() const {
        return Json::object({{"ok", true},
                             {"pid", int(::getpid())},
                             {"generation", generations.current()},
                             {"port", int(options.port)},
                             {"workers", generations.workers()},
                             {"quarantines", quarantines()}});
    }

    Json quarantines() const {
        Json list = Json::array();
        for (const auto& one : generations.desk().quarantines())
            list.push_back(Json::object({{"plugin", one.plugin},
                                         {"tenant", one.tenant},
                                         {"since", base::format_utc(one.since)},
                                         {"reason", one.reason},
                                         {"crashes", one.crashes}}));
        return list;
    }

    static Json answer_to_restore(std::size_t lifted, const std::string& why) {
        if (why.empty()) return Json::object({{"ok", true}, {"lifted", lifted}});
        return Json::object({{"ok", false}, {"kind", "reload"}, {"lifted", lifted}, {"error", why}});
    }

    Json answer_at_once(const std::string& command) {
        if (command == "status") return status();
        if (command == "stop") {
            stop();
            return Json::object({{"ok", true}});
        }
        return Json::object({{"ok", false}, {"error", "orden desconocida"}});
    }

    /// A plugin that was not even loaded comes with a new generation; where that fails, all stays as it was.
    awaitable<Json> restore(const Json& request) {
        const auto plugin = request.string_or("plugin", ""), tenant = request.string_or("tenant", "");
        auto& desk = generations.desk();
        const auto lifted = desk.lift(plugin, tenant.empty() ? std::nullopt : std::optional(tenant));
        const bool unloaded =
            std::any_of(lifted.begin(), lifted.end(), [](const auto& one) { return one.starting; });
        std::string why;
        if (unloaded) why = co_await reload();
        const auto by = request.string_or("by", "");
        why.empty() ? desk.confirm(lifted, by.empty() ? "system:cli" : by) : desk.put_back(lifted);
        co_return answer_to_restore(lifted.size(), why);
    }

    static Json refused(const char* kind, const std::string& why) {
        return Json::object({{"ok", false}, {"kind", kind}, {"error", why}});
    }

    /// A file is written and read by a new generation, or it is as it was.
    awaitable<Json> configure(const Json& request) {
        if (configuring && request.string_or("ask", "").ends_with("write"))
            co_return refused("unavailable",
                              base::tr("hay otro cambio en curso: espere unos segundos y repita"));
        auto asked = options.configure(request);
        if (!asked.undo) co_return std::move(asked.json);
        base::log_info(me, "configuración escrita por la administración",
                       Json::object({{"file", asked.file}, {"by", request.string_or("by", "")}}));
        configuring = true;
        auto why = co_await reload();
        const bool serves = why.empty();
        if (serves && generations.problems().find(asked.file + ":") != std::string::npos)
            why = generations.problems();
        if (!why.empty()) {
            try {
                asked.undo();
            } catch (const std::exception& error) {
                why += std::string("\n") + error.what();
            }
            if (serves) co_await reload();
        }
        configuring = false;
        if (!why.empty()) co_return refused("reload", why);
        asked.json["generation"] = generations.current();
        co_return std::move(asked.json);
    }

    /// `owner`: who asks has this process's rights. Workers of another user may ask for what their pages need.
    awaitable<Json> answer(const Json& request, bool owner) {
        const auto command = request.string_or("command", "");
        if (command == "config" && options.configure) co_return co_await configure(request);
        if (command == "restore") co_return co_await restore(request);
        if (!owner && command != "status")
            co_return refused("forbidden", base::tr("eso se pide en el servidor"));
        if (command != "reload") co_return answer_at_once(command);
        const auto why = co_await reload();
        co_return answer_to_reload(why);
    }

    void stop() {
        if (!std::exchange(stopping, true)) {
            base::log_info(me, "terminando: se acaba lo que está en curso");
            if (options.listen_fd >= 0) ::close(std::exchange(options.listen_fd, -1));
            if (database) database->stop();
        }
        generations.stop();
    }

    awaitable<void> watch_deaths() {
        for (;;) {
            const auto [error, signal] = co_await deaths.async_wait(quietly);
            if (error) co_return;
            generations.reap();
        }
    }

    awaitable<void> watch_signals() {
        for (;;) {
            const auto [error, signal] = co_await signals.async_wait(quietly);
            if (error) co_return;
            if (signal == SIGHUP)
                net::co_spawn(io, reload_unasked(), net::detached);
            else
                stop();
        }
    }

    awaitable<void> begin() {
        const auto why = co_await reloads.ask();
        if (stopping) co_return;
        if (!why.empty()) {
            failure = std::make_exception_ptr(Error(ErrorKind::unavailable, why));
            io.stop();
            co_return;
        }
        if (database) database->start();
        admin.start();
        metrics_front.listen_on_socket(options.paths.metrics_socket(), options.socket_user,
                                       options.socket_group);
        if (options.on_ready) options.on_ready();
    }

    int run() {
        net::co_spawn(io, watch_deaths(), net::detached);
        net::co_spawn(io, watch_signals(), net::detached);
        net::co_spawn(io, generations.watch_hangs(), net::detached);
        net::co_spawn(io, begin(), net::detached);
        io.run();
        metrics_front.close();
        if (database) database->join();
        if (failure) std::rethrow_exception(failure);
        return 0;
    }
};

Supervisor::Supervisor(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Supervisor::~Supervisor() = default;
int Supervisor::run() { return impl_->run(); }

}  // namespace kernel::supervisor
