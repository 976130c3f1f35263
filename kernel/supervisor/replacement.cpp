// The other half of Generations: workers that die, and those that take their place.
#include "kernel/metrics/catalogue.hpp"
#include "kernel/supervisor/generations.hpp"
#include "kernel/supervisor/loop.hpp"

#include <sys/wait.h>

#include <algorithm>

namespace kernel::supervisor {

using concejo::Json;
using namespace std::chrono_literals;

namespace {
constexpr auto hang_check = 500ms;
}  // namespace

void Generations::reap() {
    int status = 0;
    for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        for (auto& [number, generation] : generations_) {
            const auto found = std::find_if(generation.workers.begin(), generation.workers.end(),
                                            [&](const auto& worker) { return worker->pid() == pid; });
            if (found == generation.workers.end()) continue;
            const auto dead = *found;
            generation.workers.erase(found);
            dead->died();
            metrics::clear_place(metrics::here().region(), static_cast<std::uint32_t>(pid));
            const bool blamed = find_culprit(generation, *dead, status);
            if (!generation.draining) {
                const char* cause = blamed ? "plugin" : WIFSIGNALED(status) ? "signal" : "exit";
                metrics::here()
                    .series(metrics::worker_deaths, {{"role", name_of(dead->kind())}, {"cause", cause}})
                    .add();
            }
            if (generation.draining) {
                bury(number);
            } else if (dead->is_ready()) {
                // Quarantine ends what a plugin does again and again; the rest must not spin.
                const auto wait = blamed ? 0ms : backoff_.next(dead->lived());
                base::log_error(me, "un proceso de trabajo ha muerto; se repone",
                                Json::object({{"pid", int(pid)},
                                              {"kind", name_of(dead->kind())},
                                              {"signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0},
                                              {"exit", WIFEXITED(status) ? WEXITSTATUS(status) : 0},
                                              {"wait_ms", static_cast<long>(wait.count())}}));
                net::co_spawn(io_, replace(number, dead->kind(), wait), net::detached);
            }
            break;
        }
    }
}

/// Whether a plugin is to blame. A generation that never served is refused whole, with its reason: nothing is
/// counted. A hang was noted when it was found; whom somebody else killed is nobody's fault.
bool Generations::find_culprit(const Generation& generation, const WorkerProcess& dead, int status) {
    if (!generation.served) return false;
    if (dead.is_condemned()) return true;
    const bool unasked_exit = WIFEXITED(status) && !generation.draining && !stopping_;
    const auto blame = crash::blame_for_death(dead.page(), unasked_exit);
    if (blame) desk_.note(*blame, dead.pid());
    return blame.has_value();
}

void Generations::publish() {
    for (const auto& [number, generation] : generations_) {
        for (const auto& worker : generation.workers) desk_.publish(worker->page());
    }
}

awaitable<void> Generations::watch_hangs() {
    net::steady_timer tick(io_);
    while (!stopping_) {
        tick.expires_after(hang_check);
        co_await tick.async_wait(quietly);
        const auto now = std::chrono::steady_clock::now();
        for (const auto& [number, generation] : generations_) {
            for (const auto& worker : generation.workers) {
                if (worker->is_condemned()) continue;
                const auto blame = crash::blame_for_hang(worker->page(), now);
                if (!blame) continue;
                worker->condemn();
                desk_.note(*blame, worker->pid());
            }
        }
    }
}

awaitable<void> Generations::replace(unsigned number, WorkerKind kind, std::chrono::milliseconds wait) {
    net::steady_timer pause(io_, wait);
    co_await pause.async_wait(quietly);
    for (auto delay = 200ms; serves(number); delay = std::min<std::chrono::milliseconds>(delay * 2, 30s)) {
        const auto why = co_await start_worker(number, kind);
        if (why.empty()) co_return;
        base::log_error(me, "el proceso de trabajo repuesto no arranca", Json::object({{"why", why}}));
        pause.expires_after(delay);
        co_await pause.async_wait(quietly);
    }
}

}  // namespace kernel::supervisor
