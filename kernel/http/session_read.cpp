// The incoming half of a session: head and body.
#include <algorithm>

#include "kernel/http/handler_call.hpp"
#include "kernel/http/request_id.hpp"
#include "kernel/http/session.hpp"

namespace kernel::http {
namespace {

constexpr std::size_t head_room = 2 * 1024;  // what an idle connection holds
constexpr std::size_t body_room = 64 * 1024;

struct AdmissionState {
    Request head;
    BodyAdmission admission;
};

}  // namespace

Task<std::size_t> Session::fill(std::size_t room) {
    auto had = in_.size();
    in_.resize(had + room);
    auto n = co_await connection_.read(in_.data() + had, room);
    in_.resize(had + n);
    co_return n;
}

bool Session::take_head(Exchange& x, HeadScanner& scanner) {
    bool complete = scanner.scan(in_);
    if (x.begun == Clock::time_point{} && scanner.begun()) {
        x.begun = Clock::now();
        connection_.arm(core_.limits.head_time);
    }
    if (!complete) return false;
    auto text = std::string_view(in_).substr(scanner.begin(), scanner.end() - scanner.begin());
    x.head = parse_head(text, core_.limits);
    in_.erase(0, scanner.end());
    x.head_known = true;
    x.keep = x.head.keep_alive;
    x.http10 = x.head.http10;
    x.to_head = x.head.request.method == "HEAD";
    x.body_pending = x.head.chunked || x.head.content_length > 0;
    x.record.method = x.head.request.method;
    complete_request(x.head.request);
    x.request_id = x.head.request.request_id;
    return true;
}

void Session::complete_request(Request& request) const {
    request.peer = peer_text_;
    request.secure = connection_.is_tls();
    if (core_.proxies.trusts(connection_.peer())) core_.proxies.apply(request);
    if (request.request_id.empty()) request.request_id = new_request_id();
}

Task<bool> Session::read_head(Exchange& x) {
    HeadScanner scanner(core_.limits);
    connection_.arm(core_.limits.idle_time);
    if (in_.capacity() > 2 * head_room && in_.size() < head_room) std::string(in_).swap(in_);
    for (;;) {
        try {
            if (take_head(x, scanner)) co_return true;
        } catch (const Refusal& refusal) {
            x.refusal = refusal;
            co_return true;
        }
        auto n = co_await fill(head_room);
        if (n > 0) continue;
        bool begun = x.begun != Clock::time_point{};
        if (!begun && connection_.expired()) core_.limited("idle_timeout");
        if (!begun || !connection_.expired()) {
            x.record.cause = begun ? "client_abort" : "";
            co_return false;  // idle, or gone: nobody waits for an answer
        }
        x.refusal = Refusal(408, "head_timeout");
        co_return true;
    }
}

Task<bool> Session::read_body(Exchange& x) {
    BodyPlan plan;
    std::optional<BodyReader> reader;
    try {
        plan = core_.application.plan(x.head.request);
    } catch (const std::exception&) {
        x.refusal = Refusal(500, "plan_failed");
    }
    if (!x.refusal && plan.ask && x.body_pending) co_await admit(x, plan);
    if (x.refusal || x.early) co_return true;
    const bool to_sink = plan.sink != nullptr;
    try {
        reader.emplace(x.head, std::move(plan), core_.limits);
    } catch (const Refusal& refusal) {
        x.refusal = refusal;
        co_return true;
    }
    co_return co_await receive(x, *reader, to_sink);
}

// The application has a look at the head on the worker pool, as if it were a request of its own.
Task<void> Session::admit(Exchange& x, BodyPlan& plan) {
    using Call = PoolCall<AdmissionState>;
    auto state = std::make_shared<AdmissionState>();
    state->head = std::move(x.head.request);
    state->head.deadline = Clock::now() + core_.limits.handler_time;
    const auto deadline = state->head.deadline;
    auto& core = core_;
    connection_.disarm();
    Call call(state, connection_.executor());
    auto outcome = co_await call.run(
        core_.pool, deadline, true,
        [&core](AdmissionState& s) { s.admission = core.application.admit(s.head); },
        [&core] { ++core.counters.late_results; });
    if (outcome == Call::Outcome::late) {
        ++core_.counters.timeouts;
        x.refusal = Refusal(503, "handler_timeout");
        co_return;  // the head belongs to the late call: the page of this refusal knows nothing of it
    }
    x.head.request = std::move(state->head);
    if (outcome == Call::Outcome::refused) x.refusal = Refusal(503, "handlers_busy");
    if (outcome == Call::Outcome::failed) {
        report(x, call.error());
        x.refusal = Refusal(500, "handler_error");
    }
    if (x.refusal) co_return;
    x.early = std::move(state->admission.answer);
    plan.sink = std::move(state->admission.sink);
    plan.limit = state->admission.limit;
}

Task<bool> Session::receive(Exchange& x, BodyReader& reader, bool to_sink) {
    if (!reader.done()) {
        auto told = std::chrono::seconds(to_sink ? 0 : x.head.content_length / core_.limits.body_rate);
        connection_.arm(core_.limits.body_time + told);
        if (x.head.expects_continue && in_.empty()) {
            bool sent = co_await connection_.write("HTTP/1.1 100 Continue\r\n\r\n", {}, false);
            if (!sent) co_return false;
            connection_.arm(core_.limits.body_time + told);
        }
    }
    std::uint64_t credited = 0;  // of a chunked body, whose size nobody told: time follows what arrives
    while (!reader.done()) {
        if (!in_.empty()) {
            try {
                in_.erase(0, reader.feed(in_));
            } catch (const Refusal& refusal) {
                x.refusal = refusal;
                co_return true;
            }
            if (to_sink) {
                connection_.arm(core_.limits.body_time);
            } else if (x.head.chunked && reader.received() / core_.limits.body_rate > credited) {
                auto more = reader.received() / core_.limits.body_rate - credited;
                connection_.extend(std::chrono::seconds(more));
                credited += more;
            }
            continue;
        }
        bool large = x.head.chunked || x.head.content_length > body_room / 4;
        auto n = co_await fill(large ? body_room : head_room);
        if (n == 0 && connection_.expired()) {
            x.refusal = Refusal(408, "body_timeout");
            co_return true;
        }
        if (n == 0) co_return false;
    }
    x.body_pending = false;
    co_return true;
}

}  // namespace kernel::http
