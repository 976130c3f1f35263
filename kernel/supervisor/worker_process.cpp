#include "kernel/supervisor/worker_process.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/supervisor/loop.hpp"

#include <fmt/format.h>
#include <signal.h>

namespace kernel::supervisor {

using std::chrono::steady_clock;

namespace {
constexpr const char* what_to_do =
    base::N_("quítelo de los municipios, póngale otra versión o arranque sin él con «concejo serve --safe»");
constexpr std::size_t longest_reason = 64 * 1024;

std::string why_it_fell(const crash::Blame& blame) {
    return base::tr("el complemento «{0}» hace caer el proceso al arrancar ({1}): {2}", blame.plugin,
                    blame.reason, base::translated(what_to_do));
}
std::string why_it_hangs(const crash::Blame& blame) {
    return base::tr("el complemento «{0}» no acaba de arrancar: {1}", blame.plugin,
                    base::translated(what_to_do));
}
}  // namespace

WorkerProcess::WorkerProcess(net::io_context& io, WorkerKind kind, const Spawned& child,
                             std::unique_ptr<crash::SharedPage> page)
    : kind_(kind),
      pid_(child.pid),
      page_(std::move(page)),
      pipe_(io, child.pipe_fd),
      changed_(io, steady_clock::time_point::max()) {}

void WorkerProcess::listen() { net::co_spawn(pipe_.get_executor(), read(), net::detached); }

awaitable<void> WorkerProcess::read() {
    const auto self = shared_from_this();
    char piece[4096];
    for (;;) {
        const auto [error, count] = co_await pipe_.async_read_some(net::buffer(piece), quietly);
        if (error) break;
        std::string_view heard(piece, static_cast<std::size_t>(count));
        for (; said_.empty() && heard.starts_with('.'); heard.remove_prefix(1)) ++signs_;
        if (said_.size() < longest_reason) said_.append(heard);
        if (said_.starts_with("ready\n")) ready_ = true;
        changed_.cancel();
    }
    died();
}

void WorkerProcess::died() {
    closed_ = true;
    changed_.cancel();
}

void WorkerProcess::condemn() {
    condemned_ = true;
    ::kill(pid_, SIGKILL);
}

template <class Condition>
awaitable<bool> WorkerProcess::until(Condition condition, std::chrono::seconds limit) {
    const auto self = shared_from_this();
    net::steady_timer alarm(pipe_.get_executor(), limit);
    bool late = false;
    alarm.async_wait([self, &late](const auto& error) {
        if (error) return;  // cancelled: `late` is gone
        late = true;
        self->changed_.cancel();
    });
    while (!condition() && !late) co_await changed_.async_wait(quietly);
    co_return condition();
}

awaitable<std::string> WorkerProcess::ready(std::chrono::seconds limit) {
    bool spoke = true;
    while (spoke && !ready_ && !closed_) {
        const auto heard = signs_;
        spoke = co_await until([this, heard] { return ready_ || closed_ || signs_ != heard; }, limit);
    }
    if (ready_) co_return std::string();
    if (said_.empty()) {
        if (const auto blame = crash::blame_for_death(page_->page(), spoke)) co_return why_it_fell(*blame);
        if (const auto blame = crash::starting_now(page_->page())) co_return why_it_hangs(*blame);
    }
    if (!spoke) co_return base::tr("no ha arrancado en {} s", limit.count());
    co_return said_.empty() ? base::tr("ha terminado sin decir por qué (vea el registro)") : said_;
}

awaitable<bool> WorkerProcess::closed(std::chrono::seconds limit) {
    return until([this] { return closed_; }, limit);
}

}  // namespace kernel::supervisor
