// A wire for protocols of lines, for folders that may not see Asio.
#pragma once

#include "kernel/net/byte_source.hpp"
#include "kernel/net/resolver.hpp"
#include "kernel/net/tls_trust.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace kernel::net {

class Wire;

class LineWire final : public ByteSource {
public:
    LineWire();
    ~LineWire() override;

    /// Tries each address of the name in turn. Throws NetError{unavailable}.
    void connect(const std::string& host, std::uint16_t port, const Resolve& resolve,
                 std::chrono::milliseconds limit);
    void start_tls(const TlsTrust& trust, const std::string& host, std::chrono::milliseconds limit);
    /// For the operations that follow.
    void allow(std::chrono::milliseconds limit);
    std::size_t read_some(char* into, std::size_t size, error_code& error) override;
    /// Throws NetError{unavailable}.
    void write(std::string_view bytes);

private:
    std::unique_ptr<Wire> wire_;
};

}  // namespace kernel::net
