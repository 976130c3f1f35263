// A session that stays open for server-sent events: a sleeping coroutine on the edge, no thread.
#include <fmt/format.h>
#include <boost/asio/post.hpp>

#include "kernel/http/session.hpp"

namespace kernel::http {
namespace {

constexpr auto draining_tick = std::chrono::milliseconds(500);

Clock::time_point first_of(Clock::time_point beat, Clock::time_point end) {
    return std::min({beat, end, Clock::now() + draining_tick});
}

/// What wakes the coroutine; outlives it in handlers that are still queued. Touched on the edge's thread
/// only.
struct Alarm {
    explicit Alarm(Executor executor) : timer(executor) {}
    void ring() {
        rung = true;
        timer.cancel();
    }
    Timer timer;
    bool rung = false, gone = false;
};

class Attached {
public:
    Attached(EventChannel& channel, std::function<void()> wake) : channel_(channel) {
        channel_.attach(std::move(wake));
    }
    ~Attached() { channel_.detach(); }
    Attached(const Attached&) = delete;
    Attached& operator=(const Attached&) = delete;

private:
    EventChannel& channel_;
};

}  // namespace

/// Counts the stream among its worker's and its client's.
bool Session::EventPlace::take(Core& core, const Address& client) {
    if (core.counters.event_streams.fetch_add(1) >= core.limits.event_streams) {
        --core.counters.event_streams;
        return false;
    }
    if (!core.proxies.trusts(client) && !core.admission.open_events(client)) {
        --core.counters.event_streams;
        return false;
    }
    core_ = &core;
    client_ = client;
    return true;
}

Session::EventPlace::~EventPlace() {
    if (!core_) return;
    --core_->counters.event_streams;
    if (!core_->proxies.trusts(client_)) core_->admission.close_events(client_);
}

Task<bool> Session::write_event(std::string_view text, bool chunked) {
    if (!chunked) co_return co_await connection_.write(text, {}, true);
    const auto framed = fmt::format("{:x}\r\n{}\r\n", text.size(), text);
    co_return co_await connection_.write(framed, {}, true);
}

// Ends when the channel says so, the server drains, the time is over or the client leaves; in every case the
// connection is closed, and a browser connects again by itself after a couple of seconds.
Task<bool> Session::send_events(std::shared_ptr<EventChannel> channel, bool chunked, Exchange& x) {
    const auto executor = connection_.executor();
    auto alarm = std::make_shared<Alarm>(executor);
    const Attached attached(*channel, [alarm, executor] { net::post(executor, [alarm] { alarm->ring(); }); });
    // A client of events says nothing more: whatever comes is its end, or no business of ours.
    connection_.when_readable([alarm] {
        alarm->gone = true;
        alarm->ring();
    });
    const auto end = Clock::now() + core_.limits.event_time;
    auto beat = Clock::now() + core_.limits.event_heartbeat;
    std::string text = "retry: 2000\n\n";
    for (;;) {
        const auto mail = channel->take();
        for (const auto& piece : mail.pieces) text += *piece;
        if (Clock::now() >= beat && text.empty()) text = ":\n\n";
        if (!text.empty()) {
            const bool sent = co_await write_event(text, chunked);
            if (!sent) co_return false;
            text.clear();
            beat = Clock::now() + core_.limits.event_heartbeat;
        }
        if (alarm->gone) co_return false;
        if (mail.overflow) {
            x.record.cause = "events_overflow";
            break;
        }
        if (mail.closed || core_.draining || Clock::now() >= end) break;
        connection_.disarm();
        if (!alarm->rung) {
            alarm->timer.expires_at(first_of(beat, end));
            co_await alarm->timer.async_wait(awaited);
        }
        alarm->rung = false;
    }
    if (!chunked) co_return true;
    co_return co_await connection_.write("0\r\n\r\n", {}, false);
}

}  // namespace kernel::http
