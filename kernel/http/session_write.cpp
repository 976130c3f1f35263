// The outgoing half of a session.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "kernel/http/handler_call.hpp"
#include "kernel/http/response_head.hpp"
#include "kernel/http/session.hpp"

namespace kernel::http {
namespace {

class Descriptor {
public:
    explicit Descriptor(const std::filesystem::path& path)
        : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

std::string_view memory_of(const Body& body) {
    if (auto* own = std::get_if<std::string>(&body)) return *own;
    if (auto* shared = std::get_if<SharedText>(&body))
        return *shared ? std::string_view(**shared) : std::string_view{};
    return {};
}

/// How the body is delimited. A stream of unknown length to a 1.0 client ends with the connection.
ResponseFrame frame_for(const Exchange& x, const Response& response) {
    ResponseFrame frame;
    frame.http10 = x.http10;
    frame.keep = x.keep;
    if (auto* stream = std::get_if<StreamBody>(&response.body)) {
        frame.length = stream->length;
        frame.chunked = !stream->length && !x.http10;
    } else if (std::holds_alternative<EventsBody>(response.body)) {
        frame.chunked = !x.http10;
        frame.keep = false;
    } else if (auto* file = std::get_if<FileBody>(&response.body)) {
        frame.length = file->length;
    } else {
        frame.length = memory_of(response.body).size();
    }
    if (!frame.length && !frame.chunked) frame.keep = false;
    if (has_no_body(response.status)) {
        frame.length.reset();
        frame.chunked = false;
    }
    return frame;
}

/// Decides the framing, notes what the log needs, and gives the head's bytes.
std::string begin_answer(Exchange& x, Response& response) {
    const auto frame = frame_for(x, response);
    x.keep = frame.keep;
    x.record.status = response.status;
    x.record.tenant = std::move(response.tenant);
    x.record.kind = response.kind;
    x.record.cause = std::move(response.cause);
    return response_head(response, frame, x.request_id);
}

}  // namespace

Task<bool> Session::send(Exchange& x, Response& response) {
    std::optional<Descriptor> file;
    if (auto* body = std::get_if<FileBody>(&response.body)) {
        const auto path = body->path.string();
        file.emplace(body->path);
        if (file->get() < 0) {
            response = plain_error(500);
            response.cause = "file_missing";
            report(x, "cannot open " + path);
            file.reset();
        }
    }
    const std::string head = begin_answer(x, response);
    auto before = connection_.written();
    bool sent = false;
    if (x.to_head || has_no_body(response.status))
        sent = co_await connection_.write(head, {}, false);
    else
        sent = co_await send_body(response, head, file ? file->get() : -1, x);
    auto bytes = connection_.written() - before;
    x.record.bytes = bytes > head.size() ? bytes - head.size() : 0;
    if (!sent) x.record.cause = connection_.expired() ? "write_timeout" : "client_abort";
    co_return sent;
}

Task<bool> Session::send_body(Response& response, const std::string& head, int file, Exchange& x) {
    if (auto* body = std::get_if<FileBody>(&response.body)) {
        bool begun = co_await connection_.write(head, {}, false);
        if (!begun) co_return false;
        co_return co_await connection_.send_file(file, body->offset, body->length);
    }
    if (auto* stream = std::get_if<StreamBody>(&response.body)) {
        bool begun = co_await connection_.write(head, {}, false);
        if (!begun) co_return false;
        bool chunked = head.find("\r\nTransfer-Encoding: chunked\r\n") != head.npos;
        co_return co_await send_stream(*stream, chunked, x);
    }
    if (auto* events = std::get_if<EventsBody>(&response.body)) {
        bool begun = co_await connection_.write(head, {}, false);
        if (!begun) co_return false;
        co_return co_await send_events(std::move(events->channel), !x.http10, x);
    }
    bool held = std::holds_alternative<std::string>(response.body);
    co_return co_await connection_.write(head, memory_of(response.body), held);
}

Task<bool> Session::send_stream(StreamBody& stream, bool chunked, const Exchange& x) {
    struct Pull {
        std::function<std::string()> next;
        std::string piece;
    };
    auto state = std::make_shared<Pull>();
    state->next = std::move(stream.next);
    std::uint64_t total = 0;
    for (;;) {
        PoolCall<Pull> call(state, connection_.executor());
        connection_.disarm();
        auto outcome = co_await call.run(
            core_.pool, Clock::now() + core_.limits.handler_time, false, [](Pull& p) { p.piece = p.next(); },
            [] {});
        // There is no way to say "error" any more: cutting the connection tells the client that it is not
        // whole.
        if (outcome == PoolCall<Pull>::Outcome::failed) report(x, call.error());
        if (outcome != PoolCall<Pull>::Outcome::done) co_return false;
        const auto& piece = state->piece;
        total += piece.size();
        if (piece.empty()) break;
        if (stream.length && total > *stream.length) co_return false;
        bool sent = false;
        if (chunked) {
            auto size = fmt::format("{:x}\r\n", piece.size());
            state->piece += "\r\n";
            sent = co_await connection_.write(size, piece, true);
        } else {
            sent = co_await connection_.write(piece, {}, true);
        }
        if (!sent) co_return false;
    }
    if (stream.length && total != *stream.length) co_return false;
    if (!chunked) co_return true;
    co_return co_await connection_.write("0\r\n\r\n", {}, false);
}

}  // namespace kernel::http
