// One connection's requests, in order: read, decide, answer, log.
#pragma once

#include <optional>
#include <string>

#include "kernel/http/access_log.hpp"
#include "kernel/http/body_reader.hpp"
#include "kernel/http/connection.hpp"
#include "kernel/http/events.hpp"
#include "kernel/http/head.hpp"
#include "kernel/http/refusal.hpp"

namespace kernel::http {

/// What is known of the request at hand. The head's Request moves away when a handler takes it.
struct Exchange {
    Head head;
    bool head_known = false;
    bool body_pending = false;  ///< bytes of the body may still come: the connection cannot be used again
    std::optional<Refusal> refusal;
    std::optional<Response> early;  ///< the application's answer to a head whose body it does not want
    Clock::time_point begun{};
    bool to_head = false;  ///< the method is HEAD
    bool http10 = false;
    Address client;  ///< behind a trusted proxy: what it forwards
    bool keep = false;
    std::string request_id;
    AccessRecord record;
};

class Session {
public:
    explicit Session(Connection& connection)
        : connection_(connection), core_(connection.core()), peer_text_(connection.peer().text()) {}

    Task<void> run();

private:
    /// A stream's place among those of its worker and of its client.
    class EventPlace {
    public:
        EventPlace() = default;
        ~EventPlace();
        EventPlace(const EventPlace&) = delete;
        EventPlace& operator=(const EventPlace&) = delete;
        bool take(Core& core, const Address& client);  ///< false: there are too many

    private:
        Core* core_ = nullptr;
        Address client_;
    };

    Task<bool> one_exchange(Exchange& x);  ///< false: the connection ends
    Task<bool> read_head(Exchange& x);     ///< false: closed or idle, nothing to answer
    Task<bool> read_body(Exchange& x);     ///< false: the client went away
    Task<bool> receive(Exchange& x, BodyReader& reader, bool to_sink);
    Task<void> admit(Exchange& x, BodyPlan& plan);
    Task<Response> answer(Exchange& x);
    Task<Response> answer_by_handler(Exchange& x);
    Task<bool> send(Exchange& x, Response& response);
    Task<bool> send_body(Response& response, const std::string& head, int file, Exchange& x);
    Task<bool> send_stream(StreamBody& stream, bool chunked, const Exchange& x);
    Task<bool> send_events(std::shared_ptr<EventChannel> channel, bool chunked, Exchange& x);
    Task<bool> write_event(std::string_view text, bool chunked);
    Task<bool> refuse(Exchange& x);
    bool admitted(Exchange& x);  ///< sets x.client; false: its address asks too often
    Task<bool> answer_early(Exchange& x);
    bool take_head(Exchange& x, HeadScanner& scanner);
    void complete_request(Request& request) const;
    void log(Exchange& x);
    void report(const Exchange& x, std::string_view what);
    Task<std::size_t> fill(std::size_t room);

    Connection& connection_;
    Core& core_;
    const std::string peer_text_;
    std::string in_;
    Exchange exchange_;  // here, so that coroutine frames stay below what Asio recycles without malloc
    std::size_t answered_ = 0;
};

}  // namespace kernel::http
