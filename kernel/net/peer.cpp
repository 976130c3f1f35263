#include "kernel/net/peer.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <algorithm>
#include <mutex>
#include <optional>

namespace kernel::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using concejo::Error;
using concejo::ErrorKind;

struct Place {
    bool tls = false;
    std::string name, port, host;
};

Place place_of(std::string_view address) {
    Place place;
    place.tls = address.starts_with("https://");
    if (!place.tls && !address.starts_with("http://"))
        throw Error(ErrorKind::invalid, fmt::format("'{}' no es una dirección http:// ni https://", address));
    place.host = address.substr(place.tls ? 8 : 7);
    const auto bracket = place.host.rfind(']'), colon = place.host.rfind(':');
    const bool has_port = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    place.name = place.host.substr(0, has_port ? colon : std::string::npos);
    place.port = has_port ? place.host.substr(colon + 1) : place.tls ? "443" : "80";
    if (place.name.size() > 2 && place.name.front() == '[')
        place.name = place.name.substr(1, place.name.size() - 2);
    if (place.name.empty() || place.port.empty())
        throw Error(ErrorKind::invalid, fmt::format("'{}' no dice con qué servidor hablar", address));
    return place;
}

/// One connection. Its operations are asynchronous only to have time limits; each call runs until it is done.
class Line {
public:
    Line(const Place& place, asio::ssl::context* tls, const PeerOptions& options) : options_(options) {
        if (tls)
            secure_.emplace(context_, *tls);
        else
            plain_.emplace(context_);
        tcp::resolver resolver(context_);
        boost::system::error_code error;
        const auto found = resolver.resolve(place.name, place.port, error);
        require(error, "resolver su nombre");
        stream().expires_after(options_.connect);
        stream().async_connect(found, [&](auto result, auto&&) { error = result; });
        run();
        require(error, "conectar");
        stream().socket().set_option(tcp::no_delay(true));
        if (!tls) return;
        if (!SSL_set_tlsext_host_name(secure_->native_handle(), place.name.c_str()))
            throw Error(ErrorKind::internal, "OpenSSL no acepta el nombre del servidor");
        secure_->set_verify_callback(asio::ssl::host_name_verification(place.name));
        stream().expires_after(options_.connect);
        secure_->async_handshake(asio::ssl::stream_base::client, [&](auto result) { error = result; });
        run();
        require(error, "acordar el cifrado");
    }

    /// False where the connection had already ended and the server cannot have read the request.
    bool ask(const http::request<http::span_body<const char>>& request, std::size_t most, bool reused,
             Incoming& answer) {
        boost::system::error_code error;
        http::request_serializer<http::span_body<const char>> serializer(request);
        on_stream([&](auto& on) {
            stream().expires_after(options_.step);
            http::async_write(on, serializer, [&](auto result, auto) { error = result; });
        });
        run();
        if (error && reused) return false;
        require(error, "enviar");
        http::response_parser<http::string_body> parser;
        parser.body_limit(most);
        if (request.method() == http::verb::head) parser.skip(true);
        const auto read = [&](auto&& begin) {
            on_stream([&](auto& on) {
                stream().expires_after(options_.step);
                begin(on);
            });
            run();
        };
        read([&](auto& on) {
            http::async_read_header(on, buffer_, parser, [&](auto result, auto) { error = result; });
        });
        if (error && reused && !parser.got_some()) return false;
        require(error, "recibir");
        while (!parser.is_done()) {
            read([&](auto& on) {
                http::async_read_some(on, buffer_, parser, [&](auto result, auto) { error = result; });
            });
            require(error, "recibir");
        }
        const auto& message = parser.get();
        answer.status = static_cast<int>(message.result_int());
        for (const auto& field : message)
            answer.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
        keep_ = message.keep_alive();
        answer.body = std::move(parser.get().body());
        return true;
    }
    bool keep() const noexcept { return keep_; }

private:
    beast::tcp_stream& stream() { return plain_ ? *plain_ : beast::get_lowest_layer(*secure_); }
    template <class F>
    void on_stream(F&& work) {
        if (plain_)
            work(*plain_);
        else
            work(*secure_);
    }
    void run() {
        context_.restart();
        context_.run();
    }
    static void require(const boost::system::error_code& error, const char* doing) {
        if (error)
            throw Error(ErrorKind::unavailable,
                        fmt::format("no se ha podido {}: {}", doing, error.message()));
    }

    const PeerOptions& options_;
    asio::io_context context_{1};
    std::optional<beast::tcp_stream> plain_;
    std::optional<beast::ssl_stream<beast::tcp_stream>> secure_;
    beast::flat_buffer buffer_;
    bool keep_ = false;
};

}  // namespace

std::string_view Incoming::field(std::string_view name) const {
    for (const auto& [known, value] : fields) {
        if (beast::iequals({known.data(), known.size()}, {name.data(), name.size()})) return value;
    }
    return {};
}

struct Peer::State {
    Place place;
    PeerOptions options;
    std::optional<asio::ssl::context> tls;
    std::mutex mutex;
    std::vector<std::unique_ptr<Line>> idle;

    std::unique_ptr<Line> take() {
        const std::lock_guard lock(mutex);
        if (idle.empty()) return nullptr;
        auto line = std::move(idle.back());
        idle.pop_back();
        return line;
    }
    void give(std::unique_ptr<Line> line) {
        const std::lock_guard lock(mutex);
        if (line->keep() && idle.size() < options.idle) idle.push_back(std::move(line));
    }
};

Peer::Peer(std::string_view address, PeerOptions options) : state_(std::make_unique<State>()) {
    state_->place = place_of(address);
    state_->options = options;
    if (!state_->place.tls) return;
    state_->tls.emplace(asio::ssl::context::tls_client);
    state_->tls->set_default_verify_paths();
    state_->tls->set_verify_mode(asio::ssl::verify_peer);
}

Peer::~Peer() = default;

const std::string& Peer::host() const noexcept { return state_->place.host; }

Incoming Peer::ask(const Outgoing& outgoing, std::size_t most) {
    http::request<http::span_body<const char>> request;
    request.method_string(outgoing.method);
    request.target(outgoing.target);
    request.version(11);
    request.set(http::field::host, state_->place.host);
    for (const auto& [name, value] : outgoing.fields) request.set(name, value);
    request.body() = {outgoing.body.data(), outgoing.body.size()};
    request.content_length(outgoing.body.size());
    try {
        for (;;) {
            auto line = state_->take();
            const bool reused = line != nullptr;
            if (!line)
                line = std::make_unique<Line>(state_->place, state_->tls ? &*state_->tls : nullptr,
                                              state_->options);
            Incoming answer;
            if (!line->ask(request, most, reused, answer)) continue;  // it had ended while it waited
            state_->give(std::move(line));
            return answer;
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unavailable) throw;
        throw Error(ErrorKind::unavailable, fmt::format("{}: {}", state_->place.host, error.what()));
    }
}

}  // namespace kernel::net
