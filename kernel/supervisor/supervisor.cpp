#include "kernel/supervisor/supervisor.hpp"

#include "kernel/base/log.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/supervisor/admin_socket.hpp"
#include "kernel/supervisor/child.hpp"
#include "kernel/supervisor/generation.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <boost/asio.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <map>

namespace kernel::supervisor {

namespace net = boost::asio;
using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using net::awaitable;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {
constexpr auto quietly = net::as_tuple(net::use_awaitable);
const base::LogContext me{"supervisor", {}, {}, {}};
constexpr auto start_limit = 120s;
}  // namespace

struct Supervisor::Impl {
    explicit Impl(Options o)
        : options(std::move(o)),
          admin(io, options.paths.admin_socket(), [this](const Json& request) { return answer(request); }) {}

    Options options;
    net::io_context io{1};
    net::thread_pool slow{1};  ///< the database keeper blocks
    net::signal_set signals{io, SIGTERM, SIGINT, SIGHUP};
    net::signal_set deaths{io, SIGCHLD};
    AdminSocket admin;
    std::map<unsigned, Generation> generations;
    unsigned current = 0, newest = 0;
    unsigned drain_seconds = 30;
    bool reloading = false, stopping = false;
    Backoff backoff;
    std::exception_ptr failure;
    std::string problems;  ///< of the newest reading

    // ---- children

    Worker start_worker(Generation& generation, WorkerKind kind, int& ready_fd) {
        const auto number = std::to_string(generation.number);
        const auto child =
            spawn(paths::program_file().string(),
                  {"worker", "--kind", name_of(kind), "--dir", options.dir_argument, "--generation", number},
                  kind == WorkerKind::web ? options.listen_fd : -1);
        ready_fd = child.ready_fd;
        return {kind, child.pid, false, steady_clock::now()};
    }

    /// What the worker says on its pipe: empty when it is ready, else why it is not.
    awaitable<std::string> readiness(int ready_fd) {
        net::posix::stream_descriptor pipe(io, ready_fd);
        net::steady_timer limit(io, start_limit);
        limit.async_wait([&pipe](const auto& error) {
            boost::system::error_code ignored;
            if (!error) pipe.cancel(ignored);
        });
        std::string said;
        char piece[4096];
        while (!said.starts_with("ready\n")) {
            const auto [error, count] = co_await pipe.async_read_some(net::buffer(piece), quietly);
            if (error == net::error::operation_aborted)
                co_return base::tr("no ha arrancado en {} s", start_limit.count());
            if (error) break;
            said.append(piece, count);
        }
        if (said.starts_with("ready\n")) co_return std::string();
        co_return said.empty() ? base::tr("ha terminado sin decir por qué (vea el registro)") : said;
    }

    awaitable<std::string> start_and_wait(unsigned number, WorkerKind kind) {
        int ready_fd = -1;
        auto& generation = generations.at(number);
        generation.workers.push_back(start_worker(generation, kind, ready_fd));
        const pid_t pid = generation.workers.back().pid;
        auto why = co_await readiness(ready_fd);
        if (const auto found = generations.find(number); found != generations.end()) {
            for (auto& worker : found->second.workers) {
                if (worker.pid == pid) worker.ready = why.empty();
            }
        }
        co_return why;
    }

    void tell(Generation& generation, int signal) {
        for (const auto& worker : generation.workers) ::kill(worker.pid, signal);
    }

    awaitable<void> drain(unsigned number) {
        auto& generation = generations.at(number);
        generation.draining = true;
        tell(generation, SIGTERM);
        net::steady_timer wait(io, std::chrono::seconds(drain_seconds + 5));
        co_await wait.async_wait(quietly);
        if (const auto late = generations.find(number); late != generations.end())
            tell(late->second, SIGKILL);
    }

    // ---- generations

    /// Starts a new generation beside the current one; on any failure the current one stays. Answers why not.
    awaitable<std::string> advance() {
        const unsigned number = ++newest;
        problems.clear();
        Plan plan;
        std::string why;
        try {
            plan = options.plan(number);
        } catch (const std::exception& error) {
            why = error.what();
        }
        if (!why.empty()) co_return why;
        if (plan.port != 0 && plan.port != options.port)
            base::log_warning(me, "el puerto solo cambia al arrancar de nuevo",
                              Json::object({{"port", int(plan.port)}}));
        Generation fresh;
        fresh.number = number;
        fresh.web_workers = plan.web_workers;
        fresh.job_workers = plan.job_workers;
        generations[number] = fresh;

        // The first worker migrates what is new; the others then find everything in place.
        why = co_await start_and_wait(number, WorkerKind::web);
        for (unsigned i = 1; i < plan.web_workers && why.empty(); ++i)
            why = co_await start_and_wait(number, WorkerKind::web);
        for (unsigned i = 0; i < plan.job_workers && why.empty(); ++i)
            why = co_await start_and_wait(number, WorkerKind::job);
        if (!why.empty()) {
            auto& failed = generations.at(number);
            failed.draining = true;
            tell(failed, SIGKILL);
            bury(number);
            co_return why;
        }
        drain_seconds = plan.drain_seconds;
        problems = plan.problems;
        if (plan.serving) plan.serving();
        const unsigned previous = std::exchange(current, number);
        base::log_info(me, "sirve la generación", Json::object({{"generation", number}}));
        if (previous && generations.count(previous)) net::co_spawn(io, drain(previous), net::detached);
        co_return std::string();
    }

    awaitable<std::string> reload() {
        if (reloading) co_return std::string("ya se está recargando; espere a que termine");
        reloading = true;
        auto why = co_await advance();
        reloading = false;
        if (!why.empty())
            base::log_error(me, "recarga rechazada, sigue la configuración anterior",
                            Json::object({{"why", why}}));
        co_return why;
    }

    awaitable<Json> answer(const Json& request) {
        const auto command = request.string_or("command", "");
        if (command == "reload") {
            auto why = co_await reload();
            if (why.empty())
                co_return Json::object({{"ok", true}, {"generation", current}, {"problems", problems}});
            co_return Json::object({{"ok", false}, {"error", why}});
        }
        if (command == "status") co_return status();
        if (command == "stop") {
            stop();
            co_return Json::object({{"ok", true}});
        }
        co_return Json::object({{"ok", false}, {"error", "orden desconocida"}});
    }

    Json status() {
        Json workers = Json::array();
        for (const auto& [number, generation] : generations) {
            for (const auto& worker : generation.workers) {
                workers.push_back(Json::object({{"pid", int(worker.pid)},
                                                {"kind", name_of(worker.kind)},
                                                {"generation", number},
                                                {"ready", worker.ready},
                                                {"draining", generation.draining}}));
            }
        }
        return Json::object({{"ok", true},
                             {"pid", int(::getpid())},
                             {"generation", current},
                             {"port", int(options.port)},
                             {"workers", workers}});
    }

    // ---- deaths

    void bury(unsigned number) {
        const auto found = generations.find(number);
        if (found == generations.end() || !found->second.workers.empty() || !found->second.draining) return;
        std::error_code ignored;
        std::filesystem::remove_all(options.paths.snapshot(number), ignored);
        generations.erase(found);
        if (stopping && generations.empty()) io.stop();
    }

    void reap() {
        int status = 0;
        for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
            for (auto& [number, generation] : generations) {
                const auto worker = std::find_if(generation.workers.begin(), generation.workers.end(),
                                                 [&](const auto& w) { return w.pid == pid; });
                if (worker == generation.workers.end()) continue;
                const Worker dead = *worker;
                generation.workers.erase(worker);
                if (generation.draining)
                    bury(number);
                else if (dead.ready)
                    replace(number, dead, status);
                break;
            }
        }
    }

    void replace(unsigned number, const Worker& dead, int status) {
        const auto lived = steady_clock::now() - dead.started;
        const auto wait = backoff.next(lived);
        base::log_error(me, "un proceso de trabajo ha muerto; se repone",
                        Json::object({{"pid", int(dead.pid)},
                                      {"kind", name_of(dead.kind)},
                                      {"signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0},
                                      {"exit", WIFEXITED(status) ? WEXITSTATUS(status) : 0},
                                      {"wait_ms", static_cast<long>(wait.count())}}));
        net::co_spawn(
            io,
            [this, number, kind = dead.kind, wait]() -> awaitable<void> {
                net::steady_timer pause(io, wait);
                co_await pause.async_wait(quietly);
                for (auto delay = 200ms;; delay = std::min<std::chrono::milliseconds>(delay * 2, 30s)) {
                    const auto generation = generations.find(number);
                    if (stopping || generation == generations.end() || generation->second.draining) co_return;
                    const auto why = co_await start_and_wait(number, kind);
                    if (why.empty()) co_return;
                    base::log_error(me, "el proceso de trabajo repuesto no arranca",
                                    Json::object({{"why", why}}));
                    pause.expires_after(delay);
                    co_await pause.async_wait(quietly);
                }
            },
            net::detached);
    }

    // ---- the loops

    awaitable<void> watch_deaths() {
        for (;;) {
            const auto [error, signal] = co_await deaths.async_wait(quietly);
            if (error) co_return;
            reap();
        }
    }

    awaitable<void> watch_signals() {
        for (;;) {
            const auto [error, signal] = co_await signals.async_wait(quietly);
            if (error) co_return;
            if (signal == SIGHUP)
                net::co_spawn(io, reload(), net::detached);
            else
                stop();
        }
    }

    awaitable<void> watch_database() {
        net::steady_timer tick(io);
        for (auto wait = 500ms; !stopping;) {
            tick.expires_after(wait);
            co_await tick.async_wait(quietly);
            if (stopping) co_return;
            const auto problem = co_await net::co_spawn(
                slow,
                [this]() -> awaitable<std::string> {
                    try {
                        if (options.database->alive()) co_return std::string();
                        base::log_error(me, "la base de datos no responde; se levanta de nuevo");
                        options.database->ensure_running();
                        base::log_info(me, "la base de datos vuelve a responder");
                        co_return std::string();
                    } catch (const std::exception& error) {
                        co_return std::string(error.what());
                    }
                },
                net::use_awaitable);
            if (!problem.empty())
                base::log_error(me, "no se puede levantar la base de datos",
                                Json::object({{"why", problem}}));
            wait = problem.empty() ? 500ms : 2000ms;
        }
    }

    void stop() {
        if (std::exchange(stopping, true)) {
            for (auto& [number, generation] : generations) tell(generation, SIGKILL);  // asked twice: at once
            return;
        }
        base::log_info(me, "terminando: se acaba lo que está en curso");
        if (options.listen_fd >= 0) ::close(std::exchange(options.listen_fd, -1));
        if (generations.empty()) return io.stop();
        std::vector<unsigned> numbers;
        for (const auto& [number, generation] : generations) numbers.push_back(number);
        for (const auto number : numbers) {
            if (generations.at(number).workers.empty()) {
                generations.at(number).draining = true;
                bury(number);
            } else {
                net::co_spawn(io, drain(number), net::detached);
            }
        }
    }

    int run() {
        net::co_spawn(io, watch_deaths(), net::detached);
        net::co_spawn(io, watch_signals(), net::detached);
        net::co_spawn(
            io,
            [this]() -> awaitable<void> {
                const auto why = co_await advance();
                if (!why.empty() && !stopping) {
                    failure = std::make_exception_ptr(Error(ErrorKind::unavailable, why));
                    io.stop();
                    co_return;
                }
                if (stopping) co_return;
                if (options.database) net::co_spawn(io, watch_database(), net::detached);
                admin.start();
                if (options.on_ready) options.on_ready();
            },
            net::detached);
        io.run();
        slow.join();
        if (failure) std::rethrow_exception(failure);
        return 0;
    }
};

Supervisor::Supervisor(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Supervisor::~Supervisor() = default;
int Supervisor::run() { return impl_->run(); }

}  // namespace kernel::supervisor
