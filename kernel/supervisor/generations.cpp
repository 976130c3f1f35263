#include "kernel/supervisor/generations.hpp"

#include "kernel/supervisor/loop.hpp"

#include <concejo/error.hpp>

#include <signal.h>

namespace kernel::supervisor {

using concejo::Json;
using namespace std::chrono_literals;

namespace {

constexpr const char* ending = "el servidor está terminando";
constexpr auto start_limit = 120s;
constexpr auto close_limit =
    10s;  ///< closing a listening socket takes no longer; a reload does not hang on it

void tell(const Generation& generation, int signal) {
    for (const auto& worker : generation.workers) ::kill(worker->pid(), signal);
}

}  // namespace

Generations::Generations(net::io_context& io, const Options& options, int metrics_fd,
                         std::function<void()> empty, std::function<void(const Plan&)> serves)
    : io_(io),
      options_(options),
      desk_(options, [this] { publish(); }),
      metrics_fd_(metrics_fd),
      empty_(std::move(empty)),
      serves_(std::move(serves)) {}

std::shared_ptr<WorkerProcess> Generations::launch(unsigned number, WorkerKind kind) {
    auto page = std::make_unique<crash::SharedPage>();
    desk_.publish(page->page());
    std::vector<std::string> arguments{"worker",
                                       "--kind",
                                       name_of(kind),
                                       "--dir",
                                       options_.dir_argument,
                                       "--generation",
                                       std::to_string(number)};
    if (options_.safe) arguments.emplace_back("--safe");
    const Handed handed{kind == WorkerKind::web ? options_.listen_fd : -1, page->fd(), metrics_fd_};
    const auto child = spawn(paths::program_file().string(), arguments, handed);
    auto worker = std::make_shared<WorkerProcess>(io_, kind, child, std::move(page));
    worker->listen();
    generations_.at(number).workers.push_back(worker);
    return worker;
}

awaitable<std::string> Generations::start_worker(unsigned number, WorkerKind kind) {
    if (!serves(number)) co_return std::string(ending);
    std::shared_ptr<WorkerProcess> worker;
    try {
        worker = launch(number, kind);
    } catch (const concejo::Error& error) {  // no more processes, no more descriptors
        co_return std::string(error.what());
    }
    co_return co_await worker->ready(start_limit);
}

/// The first worker migrates what is new; the others then find everything in place.
awaitable<std::string> Generations::start_all(unsigned number, const Plan& plan) {
    std::string why;
    for (unsigned i = 0; i < plan.web_workers && why.empty(); ++i)
        why = co_await start_worker(number, WorkerKind::web);
    for (unsigned i = 0; i < plan.job_workers && why.empty(); ++i)
        why = co_await start_worker(number, WorkerKind::job);
    co_return why;
}

awaitable<std::string> Generations::advance() {
    if (stopping_) co_return std::string(ending);
    const unsigned number = ++newest_;
    const auto plan = options_.plan(number);
    if (plan.port != 0 && plan.port != options_.port)
        base::log_warning(me, "el puerto solo cambia al arrancar de nuevo",
                          Json::object({{"port", int(plan.port)}}));
    generations_[number].number = number;
    auto why = co_await start_all(number, plan);
    if (why.empty() && !serves(number)) why = ending;
    if (!why.empty()) {
        discard(number);
        co_return why;
    }
    generations_.at(number).served = true;
    drain_seconds_ = plan.drain_seconds;
    problems_ = plan.problems;
    if (plan.serving) plan.serving();
    serves_(plan);
    const unsigned previous = std::exchange(current_, number);
    base::log_info(me, "sirve la generación", Json::object({{"generation", number}}));
    if (previous) co_await retire(previous);
    co_return std::string();
}

/// A generation that never served.
void Generations::discard(unsigned number) {
    const auto failed = generations_.find(number);
    if (failed == generations_.end()) return;
    failed->second.draining = true;
    tell(failed->second, SIGKILL);
    bury(number);
}

/// Ends when no worker of it lets anybody in any more; what is in flight goes on until its deadline.
awaitable<void> Generations::retire(unsigned number) {
    const auto old = generations_.find(number);
    if (old == generations_.end()) co_return;
    old->second.draining = true;
    tell(old->second, SIGTERM);
    net::co_spawn(io_, kill_late(number), net::detached);
    const auto workers = old->second.workers;  // they leave the generation as they die
    for (const auto& worker : workers) {
        if (worker->kind() != WorkerKind::web || co_await worker->closed(close_limit)) continue;
        base::log_warning(me, "un proceso de la generación anterior no deja de aceptar conexiones",
                          Json::object({{"pid", int(worker->pid())}}));
    }
    bury(number);  // one that had no workers just then
}

awaitable<void> Generations::kill_late(unsigned number) {
    net::steady_timer wait(io_, std::chrono::seconds(drain_seconds_ + 5));
    co_await wait.async_wait(quietly);
    if (const auto late = generations_.find(number); late != generations_.end()) tell(late->second, SIGKILL);
}

void Generations::stop() {
    if (std::exchange(stopping_, true)) {
        for (const auto& [number, generation] : generations_) tell(generation, SIGKILL);
        return;
    }
    if (generations_.empty()) return empty_();
    std::vector<unsigned> numbers;  // retiring may bury at once
    for (const auto& [number, generation] : generations_) numbers.push_back(number);
    for (const auto number : numbers) net::co_spawn(io_, retire(number), net::detached);
}

void Generations::bury(unsigned number) {
    const auto found = generations_.find(number);
    if (found == generations_.end() || !found->second.workers.empty() || !found->second.draining) return;
    std::error_code ignored;
    std::filesystem::remove_all(options_.paths.snapshot(number), ignored);
    generations_.erase(found);
    if (stopping_ && generations_.empty()) empty_();
}

bool Generations::serves(unsigned number) const {
    const auto found = generations_.find(number);
    return !stopping_ && found != generations_.end() && !found->second.draining;
}

std::vector<RunningWorker> Generations::running() const {
    std::vector<RunningWorker> all;
    for (const auto& [number, generation] : generations_) {
        for (const auto& worker : generation.workers)
            all.push_back({worker->pid(), name_of(worker->kind()), number,
                           generation.draining  ? "draining"
                           : worker->is_ready() ? "ready"
                                                : "starting"});
    }
    return all;
}

Json Generations::workers() const {
    Json all = Json::array();
    for (const auto& [number, generation] : generations_) {
        for (const auto& worker : generation.workers) {
            all.push_back(Json::object({{"pid", int(worker->pid())},
                                        {"kind", name_of(worker->kind())},
                                        {"generation", number},
                                        {"ready", worker->is_ready()},
                                        {"draining", generation.draining}}));
        }
    }
    return all;
}

}  // namespace kernel::supervisor
