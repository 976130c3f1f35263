#include "kernel/supervisor/database_watch.hpp"

#include "kernel/supervisor/loop.hpp"

namespace kernel::supervisor {

using namespace std::chrono_literals;

void DatabaseWatch::start() { net::co_spawn(io_, watch(), net::detached); }

/// Empty when the database answers; else what is wrong with it. Blocks.
std::string DatabaseWatch::look_after() {
    try {
        if (keeper_.alive()) return {};
        base::log_error(me, "la base de datos no responde; se levanta de nuevo");
        keeper_.ensure_running();
        base::log_info(me, "la base de datos vuelve a responder");
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

awaitable<void> DatabaseWatch::watch() {
    net::steady_timer tick(io_);
    for (auto wait = 500ms; !stopping_;) {
        tick.expires_after(wait);
        co_await tick.async_wait(net::as_tuple(net::use_awaitable));
        if (stopping_) co_return;
        const auto problem = co_await net::co_spawn(
            blocking_, [this]() -> awaitable<std::string> { co_return look_after(); }, net::use_awaitable);
        if (!problem.empty())
            base::log_error(me, "no se puede levantar la base de datos",
                            concejo::Json::object({{"why", problem}}));
        wait = problem.empty() ? 500ms : 2000ms;
    }
}

}  // namespace kernel::supervisor
