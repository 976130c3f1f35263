// The middle of a session: what to answer, and what the log says of it.
#include "kernel/http/session.hpp"

#include <exception>

#include "kernel/http/handler_call.hpp"
#include "kernel/http/response_head.hpp"

namespace kernel::http {
namespace {

struct HandlerState {
    Request request;
    Response response;
};

/// A page of the application for a status of ours; its failure must not become another.
Response refusal_page(Core& core, const Request* head, int status, std::string_view why) {
    Response page;
    try {
        page = core.application.refuse(head, status, why);
    } catch (const std::exception&) {
        page = plain_error(status);
    }
    page.cause = why;
    if ((status == 429 || status == 503) && page.field("retry-after").empty())
        page.set("Retry-After", status == 429 ? "1" : "5");
    return page;
}

/// What an error page needs to know, while the request itself is in the hands of a late handler.
Request for_error_page(const Request& request) {
    Request known;
    known.method = request.method;
    known.target = request.target;
    known.path = request.path;
    known.host = request.host;
    known.authority = request.authority;
    known.secure = request.secure;
    known.request_id = request.request_id;
    for (const auto& field : request.fields)
        if (same_name(field.name, "accept-language") || same_name(field.name, "accept"))
            known.fields.push_back(field);
    return known;
}

/// Refusals after which nothing is known of where the next message begins, or of who speaks.
bool is_framing_error(const Exchange& x) {
    int status = x.refusal->status();
    return !x.head_known || status == 400 || status == 408 || status == 431;
}

}  // namespace

Task<void> Session::run() {
    bool open = co_await connection_.handshake();
    while (open) {
        exchange_ = Exchange{};
        open = co_await one_exchange(exchange_);
    }
}

Task<bool> Session::one_exchange(Exchange& x) {
    bool usable = co_await read_head(x);
    if (!usable) {
        if (!x.record.cause.empty()) log(x);
        co_return false;
    }
    ++core_.counters.requests;
    if (x.refusal) co_return co_await refuse(x);

    if (!admitted(x)) x.refusal = Refusal(429, "address_rate");
    if (!x.refusal && x.body_pending) {
        usable = co_await read_body(x);
        if (!usable) {
            x.record.cause = "client_abort";
            log(x);
            co_return false;
        }
    }
    if (x.early) co_return co_await answer_early(x);
    if (x.refusal) co_return co_await refuse(x);

    connection_.disarm();
    ++answered_;
    Response response = co_await answer(x);
    x.keep = x.keep && !core_.draining && answered_ < core_.limits.requests_per_connection;
    EventPlace place;
    if (std::holds_alternative<EventsBody>(response.body) && !place.take(core_, x.client)) {
        response = plain_error(503);  // read by a program, never by people
        response.cause = "too_many_event_streams";
        response.set("Retry-After", "30");
        ++core_.counters.refused;
    }
    bool sent = co_await send(x, response);
    log(x);
    if (!sent) co_return false;
    if (!x.keep) co_await connection_.linger();
    co_return x.keep;
}

bool Session::admitted(Exchange& x) {
    x.client = connection_.peer();
    if (core_.proxies.trusts(x.client)) {
        if (!Address::parse(x.head.request.peer, x.client)) x.client = connection_.peer();
        if (core_.proxies.trusts(x.client)) return true;
    }
    return core_.admission.request(x.client, Clock::now());
}

Task<bool> Session::refuse(Exchange& x) {
    const auto refusal = *x.refusal;
    ++core_.counters.refused;
    if (refusal.status() == 408) ++core_.counters.timeouts;
    connection_.forgive();
    // A whole request was read and only its sender asks too much: the connection stays usable.
    x.keep = x.keep && !x.body_pending && !is_framing_error(x) && !core_.draining;
    Response page = is_framing_error(x)
                        ? plain_error(refusal.status())
                        : refusal_page(core_, &x.head.request, refusal.status(), refusal.what());
    page.cause = refusal.what();
    bool sent = co_await send(x, page);
    log(x);
    if (sent && !x.keep) co_await connection_.linger();
    co_return sent&& x.keep;
}

Task<bool> Session::answer_early(Exchange& x) {
    connection_.forgive();
    x.keep = x.keep && !x.body_pending && !core_.draining;
    bool sent = co_await send(x, *x.early);
    log(x);
    if (sent && !x.keep) co_await connection_.linger();
    co_return sent&& x.keep;
}

Task<Response> Session::answer(Exchange& x) {
    if (x.head.request.path == "*") {
        Response options(204);
        options.set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        co_return options;
    }
    x.head.request.deadline = Clock::now() + core_.limits.handler_time;
    std::optional<Response> ready;
    try {
        ready = core_.application.answer_inline(x.head.request);
    } catch (const std::exception& error) {
        report(x, error.what());
        ready = refusal_page(core_, &x.head.request, 500, "inline_error");
    }
    if (ready) co_return std::move(*ready);
    co_return co_await answer_by_handler(x);
}

Task<Response> Session::answer_by_handler(Exchange& x) {
    using Call = PoolCall<HandlerState>;
    const auto deadline = x.head.request.deadline;
    auto state = std::make_shared<HandlerState>();
    const Request known = for_error_page(x.head.request);
    state->request = std::move(x.head.request);
    auto& core = core_;
    Call call(state, connection_.executor());
    auto outcome = co_await call.run(
        core_.pool, deadline, true,
        [&core](HandlerState& s) { s.response = core.application.handle(s.request); },
        [&core] { ++core.counters.late_results; });
    switch (outcome) {
        case Call::Outcome::done:
            co_return std::move(state->response);
        case Call::Outcome::refused:
            co_return refusal_page(core_, &state->request, 503, "handlers_busy");
        case Call::Outcome::failed:
            report(x, call.error());
            co_return refusal_page(core_, &state->request, 500, "handler_error");
        case Call::Outcome::late:
            break;
    }
    ++core_.counters.timeouts;
    co_return refusal_page(core_, &known, 503, "handler_timeout");
}

void Session::report(const Exchange& x, std::string_view what) {
    ++core_.counters.handler_errors;
    if (core_.options.error_log) core_.options.error_log(x.request_id, what);
}

void Session::log(Exchange& x) {
    auto& record = x.record;
    if (record.cause.empty()) record.cause = "ok";
    if (record.cause == "client_abort") ++core_.counters.aborted;
    if (!core_.options.access_log) return;
    record.id = x.request_id;
    if (x.begun != Clock::time_point{})
        record.micros = static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - x.begun).count());
    core_.options.access_log(record);
}

}  // namespace kernel::http
