#include "kernel/net/wire.hpp"

#include "kernel/net/error.hpp"

#include <fmt/format.h>
#include <openssl/x509v3.h>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>

namespace kernel::net {

namespace net = boost::asio;
using concejo::ErrorKind;

namespace {

net::ip::tcp::endpoint endpoint_of(const Ip& ip, std::uint16_t port) {
    if (ip.v4) {
        net::ip::address_v4::bytes_type bytes;
        std::copy_n(ip.bytes.begin(), 4, bytes.begin());
        return {net::ip::address_v4(bytes), port};
    }
    net::ip::address_v6::bytes_type bytes;
    std::copy(ip.bytes.begin(), ip.bytes.end(), bytes.begin());
    return {net::ip::address_v6(bytes), port};
}

/// A name is sent and compared; an address is only compared (RFC 6066 has no SNI for addresses).
void expect_host(SSL* ssl, const std::string& host, bool is_address) {
    auto* wanted = ::SSL_get0_param(ssl);
    ::X509_VERIFY_PARAM_set_hostflags(
        wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    const bool good = is_address ? ::X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1
                                 : ::X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) == 1 &&
                                       SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
    if (!good)
        throw NetError(ErrorKind::forbidden,
                       fmt::format("«{}» no puede ser el nombre de un certificado", host));
}

}  // namespace

/// Starts one operation and runs it to its end, or until then; an operation that is late is cut off with the
/// connection.
template <class Start>
error_code Wire::wait(Moment until, Start&& start) {
    std::optional<error_code> result;
    start([&result](const error_code& error, auto&&...) { result = error; });
    context_.restart();
    while (!result && context_.run_one_until(until) != 0) {
    }
    if (result) return *result;
    error_code ignored;
    socket_.close(ignored);
    context_.restart();
    while (!result && context_.run_one() != 0) {
    }
    return net::error::timed_out;
}

void Wire::connect(const Ip& ip, std::uint16_t port, Moment until) {
    const auto endpoint = endpoint_of(ip, port);
    const auto error =
        wait(std::min(until, until_), [&](auto done) { socket_.async_connect(endpoint, done); });
    if (error)
        throw NetError(ErrorKind::unavailable, fmt::format("no se puede conectar con {} (puerto {}): {}",
                                                           ip.text(), port, explain(error)));
    error_code ignored;
    socket_.set_option(net::ip::tcp::no_delay(true), ignored);
}

void Wire::start_tls(const TlsTrust& trust, const std::string& host, bool is_address, Moment until) {
    tls_.emplace(socket_, trust.context());
    expect_host(tls_->native_handle(), host, is_address);
    const auto error = wait(std::min(until, until_),
                            [&](auto done) { tls_->async_handshake(net::ssl::stream_base::client, done); });
    const auto verdict = ::SSL_get_verify_result(tls_->native_handle());
    if (error && verdict != X509_V_OK)
        throw NetError(ErrorKind::forbidden, fmt::format("el certificado de {} no vale: {}", host,
                                                         ::X509_verify_cert_error_string(verdict)));
    if (error)
        throw NetError(ErrorKind::unavailable,
                       fmt::format("no se puede cifrar la conexión con {}: {}", host, explain(error)));
    rest();
}

std::size_t Wire::read_some(char* into, std::size_t size, error_code& error) {
    std::size_t read = 0;
    const auto note = [&read](auto done) {
        return [&read, done](const error_code& e, std::size_t n) {
            read = n;
            done(e);
        };
    };
    const auto until = window_end_ ? std::min(until_, *window_end_) : until_;
    error = wait(until, [&](auto done) {
        if (tls_)
            tls_->async_read_some(net::buffer(into, size), note(done));
        else
            socket_.async_read_some(net::buffer(into, size), note(done));
    });
    const auto now = std::chrono::steady_clock::now();
    if (!error) window_bytes_ += read;
    // An operation that the pace cut off is late all the same: its span brought too little.
    if (!error && window_end_ && now >= *window_end_ && window_bytes_ < pace_.bytes)
        error = net::error::timed_out;
    if (!error && (!window_end_ || window_bytes_ >= pace_.bytes)) {
        window_end_ = now + pace_.span;
        window_bytes_ = 0;
    }
    return read;
}

void Wire::write(std::string_view bytes, error_code& error) {
    error = wait(until_, [&](auto done) {
        if (tls_)
            net::async_write(*tls_, net::buffer(bytes), done);
        else
            net::async_write(socket_, net::buffer(bytes), done);
    });
}

void Wire::close() noexcept {
    error_code ignored;
    socket_.close(ignored);
}

std::string explain(const error_code& error) {
    if (error == net::error::timed_out) return "ha tardado demasiado";
    if (error == net::error::eof || error == net::ssl::error::stream_truncated)
        return "ha cortado la conexión";
    if (error == net::error::connection_refused) return "nadie atiende ahí";
    if (error == net::error::connection_reset || error == net::error::broken_pipe)
        return "ha cortado la conexión";
    if (error == net::error::network_unreachable || error == net::error::host_unreachable)
        return "no hay camino";
    return error.message();
}

}  // namespace kernel::net
