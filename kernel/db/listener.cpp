#include "kernel/db/listener.hpp"

#include "kernel/base/log.hpp"
#include "kernel/db/connection.hpp"
#include "kernel/db/dsn.hpp"
#include "kernel/db/pool.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

namespace kernel::db {

struct Listener::Impl {
    std::string dsn;
    std::vector<std::string> channels;
    OnNotice on_notice;
    OnConnect on_connect;
    int wake = eventfd(0, EFD_CLOEXEC);
    std::atomic<bool> stopping{false}, connected{false};
    std::thread thread;

    void pause(std::chrono::milliseconds time) const {
        pollfd woken{wake, POLLIN, 0};
        poll(&woken, 1, static_cast<int>(time.count()));
    }

    /// Until the connection breaks or the listener ends.
    void serve() {
        Connection connection(dsn);
        for (const auto& channel : channels) connection.script("listen " + connection.quote_name(channel));
        connected = true;
        on_connect();
        while (!stopping) {
            std::array<pollfd, 2> ready{{{PQsocket(connection.raw()), POLLIN, 0}, {wake, POLLIN, 0}}};
            // A half-open TCP connection looks silent: ask every 15 s.
            if (poll(ready.data(), ready.size(), 15'000) == 0) connection.script("select 1");
            if (PQconsumeInput(connection.raw()) != 1) throw connection.error();
            while (PGnotify* note = PQnotifies(connection.raw())) {
                const std::unique_ptr<PGnotify, decltype(&PQfreemem)> owned(note, &PQfreemem);
                on_notice(note->relname, note->extra);
            }
        }
    }

    void run() {
        for (int attempt = 0; !stopping;) {
            try {
                serve();
            } catch (const concejo::Error& error) {
                if (connected.exchange(false)) {
                    attempt = 0;
                    base::log_warning({"db", {}, {}, {}}, "LISTEN interrumpido; se reintenta",
                                      concejo::Json::object({{"error", error.what()}}));
                }
                if (!stopping) pause(retry_pause(attempt++));
            }
        }
    }
};

Listener::Listener(std::string dsn, std::vector<std::string> channels, OnNotice on_notice,
                   OnConnect on_connect)
    : impl_(std::make_unique<Impl>()) {
    impl_->dsn =
        Dsn::parse(dsn).set_default("connect_timeout", "5").set("application_name", "concejo listen").text();
    impl_->channels = std::move(channels);
    impl_->on_notice = std::move(on_notice);
    impl_->on_connect = std::move(on_connect);
    impl_->thread = std::thread([this] { impl_->run(); });
}

Listener::~Listener() {
    impl_->stopping = true;
    const std::uint64_t one = 1;
    if (write(impl_->wake, &one, sizeof one) < 0) base::log_error({"db", {}, {}, {}}, "eventfd");
    impl_->thread.join();
    close(impl_->wake);
}

bool Listener::connected() const noexcept { return impl_->connected; }

}  // namespace kernel::db
