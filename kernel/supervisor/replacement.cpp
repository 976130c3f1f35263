// The other half of Generations: workers that die, and those that take their place.
#include "kernel/base/log.hpp"
#include "kernel/supervisor/generations.hpp"

#include <boost/asio.hpp>

#include <sys/wait.h>

#include <algorithm>

namespace kernel::supervisor {

namespace net = boost::asio;
using concejo::Json;
using net::awaitable;
using namespace std::chrono_literals;

namespace {
constexpr auto quietly = net::as_tuple(net::use_awaitable);
const base::LogContext me{"supervisor", {}, {}, {}};
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
            if (generation.draining) {
                bury(number);
            } else if (dead->is_ready()) {
                const auto wait = backoff_.next(dead->lived());
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
