// One outgoing connection, plain or TLS, that blocks its thread and never longer than it may. Files of this
// folder only: this header brings Asio.
#pragma once

#include "kernel/net/byte_source.hpp"
#include "kernel/net/resolver.hpp"
#include "kernel/net/tls_trust.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::net {

/// At least so many bytes in every such span of time, once the first has come: who sends a byte now and then
/// keeps no thread.
struct Pace {
    std::chrono::milliseconds span{10'000};
    std::size_t bytes = 1024;
};

class Wire final : public ByteSource {
public:
    explicit Wire(Pace pace = {}) : pace_(pace), socket_(context_) {}

    /// Every operation after this one ends by then.
    void set_deadline(Moment until) { until_ = until; }
    /// Throws NetError{unavailable}.
    void connect(const Ip& ip, std::uint16_t port, Moment until);
    /// Certificate and name are checked, SNI is sent. Throws NetError{forbidden} where they are not good.
    void start_tls(const TlsTrust& trust, const std::string& host, bool is_address, Moment until);

    std::size_t read_some(char* into, std::size_t size, error_code& error) override;
    /// All of it, or `error`.
    void write(std::string_view bytes, error_code& error);
    void close() noexcept;
    /// Forgets the pace: before waiting for an answer that the other side has to think about.
    void rest() { window_end_.reset(); }

private:
    template <class Start>
    error_code wait(Moment until, Start&& start);

    const Pace pace_;
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
    Moment until_ = Moment::max();
    std::optional<Moment> window_end_;
    std::size_t window_bytes_ = 0;
};

}  // namespace kernel::net
