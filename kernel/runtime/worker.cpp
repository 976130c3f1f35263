#include "kernel/runtime/worker.hpp"

#include "kernel/base/log.hpp"
#include "kernel/crash/fatal.hpp"
#include "kernel/crash/here.hpp"
#include "kernel/crash/shared_page.hpp"
#include "kernel/http/server.hpp"
#include "kernel/jobs/runner.hpp"
#include "kernel/outbox/dispatcher.hpp"
#include "kernel/plugins/deliver_effect.hpp"
#include "kernel/plugins/run_job.hpp"
#include "kernel/runtime/front.hpp"
#include "kernel/runtime/housekeeping.hpp"
#include "kernel/runtime/meters.hpp"
#include "kernel/runtime/own_effects.hpp"
#include "kernel/runtime/privileges.hpp"
#include "kernel/runtime/supervisor_pipe.hpp"
#include "kernel/supervisor/supervisor.hpp"
#include "kernel/web/site.hpp"

#include <fmt/format.h>

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <thread>

namespace kernel::runtime {
namespace {

/// SIGTERM is waited for, never delivered: threads inherit the block.
sigset_t block_signals() {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return set;
}

void wait_for(const sigset_t& set) {
    int signal = 0;
    ::sigwait(&set, &signal);
}

/// Its generation was replaced while it was starting.
bool told_to_end() {
    sigset_t waiting;
    ::sigpending(&waiting);
    return ::sigismember(&waiting, SIGTERM) == 1;
}

http::Limits limits_of(const config::HttpLimits& from) {
    http::Limits limits;
    limits.head_time = from.head;
    limits.body_time = from.body;
    limits.body_rate = from.body_rate;
    limits.idle_time = from.idle;
    limits.write_time = from.write;
    limits.handler_time = from.handler;
    limits.line_size = from.line_bytes;
    limits.head_size = from.head_bytes;
    limits.field_count = from.fields;
    limits.connections = from.connections;
    limits.address_connections = from.connections_per_address;
    limits.event_streams = from.event_streams;
    limits.address_event_streams = from.event_streams_per_address;
    limits.handler_queue = from.handler_queue;
    limits.waiting_bytes = from.pending_bytes;
    return limits;
}

http::ServerOptions server_options(const config::HttpConfig& from, int listen_fd) {
    http::ServerOptions options;
    options.listen_fd = listen_fd;
    options.edge_threads = from.edge_threads;
    options.handler_threads = from.handler_threads;
    options.limits = limits_of(from.limits);
    options.trusted_proxies = from.trusted_proxies;
    options.limit_log = count_limit;
    options.access_log = [](const http::AccessRecord& record) {
        count_request(record);
        if (!base::process_log().enabled(base::LogLevel::info)) return;
        auto line = http::to_json_line(record, std::chrono::system_clock::now());
        line += '\n';
        if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
    };
    if (!from.certificate.empty())
        options.tls = http::TlsFiles{from.certificate.string(), from.key.string(), {}};
    return options;
}

/// An arena of malloc for each core instead of eight: how much memory a worker holds then depends on its work, and
/// not on which of its threads happened to do it. What one page took is kept for the next: given back to the system
/// and asked for again, it would be cleared page by page each time.
void share_arenas() {
    ::mallopt(M_ARENA_MAX, static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
    ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

template <class F>
int reporting(const WorkerOptions& given, F&& body) {
    share_arenas();
    SupervisorPipe pipe(given.pipe_fd);
    try {
        auto& page = crash::map_page(given.page_fd);
        metrics::attach(metrics::map_region(given.metrics_fd));
        metrics::here().take_place();
        for (const int handed : {given.page_fd, given.metrics_fd})
            ::close(handed);  // helper programs inherit none
        crash::attach(&page);
        crash::watch_for_death(page);
        body(pipe);
        return 0;
    } catch (const std::exception& error) {
        pipe.say(error.what());
        return 1;
    }
}

}  // namespace

int run_web_worker(const paths::Paths& paths, const WorkerOptions& given) {
    const auto signals = block_signals();
    return reporting(given, [&](SupervisorPipe& pipe) {
        drop_privileges(read_configuration(paths, paths.snapshot(given.generation)).installation.platform);
        Core core(paths, paths.snapshot(given.generation), "concejo web", given.safe, pipe.signs());
        apply_log_level(core.platform());
        Front front(core);
        web::SiteOptions options;
        options.spool = core.platform().data / "spool";
        for (const auto& [name, pool] : core.databases->all()) options.listen.push_back(pool->options().dsn);
        options.fixtures = paths::share_folder() / "themes" / "base" / "fixtures";
        options.changes = paths.page_changes();
        options.supervisor = [&paths](const concejo::Json& request) {
            return supervisor::ask_supervisor(paths, request);
        };
        if (core.platform().mode != config::Mode::produccion) options.hits = paths.run() / "rutas-visitadas";
        web::Site site(front.services, front.pages, front.keys, front.clock, std::move(options));
        http::Server server(site, server_options(core.platform().http, given.listen_fd));
        if (told_to_end()) return;
        server.start();
        const Pulse pulse(*core.databases,
                          [&](metrics::Place& place) { show(server.stats(), site.stats(), place); });
        pipe.say("ready\n");
        wait_for(signals);
        server.drain();
        pipe.close();
        server.wait_drained(std::chrono::steady_clock::now() + core.platform().http.drain);
    });
}

int run_job_worker(const paths::Paths& paths, const WorkerOptions& given) {
    const auto signals = block_signals();
    return reporting(given, [&](SupervisorPipe& pipe) {
        drop_privileges(read_configuration(paths, paths.snapshot(given.generation)).installation.platform);
        Core core(paths, paths.snapshot(given.generation), "concejo jobs", given.safe, pipe.signs());
        apply_log_level(core.platform());
        Front front(core);
        plugins::declare_schedules(front.services);
        std::vector<std::unique_ptr<jobs::Runner>> runners;
        const net::TlsTrust trust(core.platform().authorities);
        plugins::PluginCourier courier(front.services, own_effects(core, trust));
        std::vector<std::unique_ptr<outbox::Dispatcher>> dispatchers;
        const Meters meters(*core.tenants);
        for (const auto& [name, pool] : core.databases->all()) {
            jobs::RunnerOptions options;
            options.finished = meters.jobs();
            options.threads = core.platform().job_threads;
            options.lease = core.platform().job_lease;
            options.drain = core.platform().http.drain;
            options.policies = [&core](const std::string& plugin, const std::string& kind) {
                return core.registry.job_policy(plugin, kind);
            };
            runners.push_back(std::make_unique<jobs::Runner>(
                *pool, [&front](jobs::JobContext& job) { plugins::run_job(front.services, job); }, options));
            runners.back()->start();
            outbox::DispatcherOptions sending;
            sending.drain = options.drain;
            sending.finished = meters.outbox();
            dispatchers.push_back(std::make_unique<outbox::Dispatcher>(*pool, courier, sending));
            dispatchers.back()->start();
        }
        const Pulse pulse(*core.databases, [&](metrics::Place& place) {
            place.jobs_running =
                std::accumulate(runners.begin(), runners.end(), std::uint64_t{0},
                                [](auto sum, const auto& one) { return sum + one->running(); });
        });
        pipe.say("ready\n");
        const Housekeeping housekeeping(*core.databases, *core.tenants, *core.blobs, *core.uploads,
                                        front.clock);
        wait_for(signals);
        std::thread sent([&] {  // both drain at once: the limit is one for all
            for (auto& dispatcher : dispatchers) dispatcher->stop();
        });
        for (auto& runner : runners) runner->stop();
        sent.join();
        crash::die_in_peace();  // jobs that were handed back may still be running
    });
}

}  // namespace kernel::runtime
