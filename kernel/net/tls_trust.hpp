// Whom outgoing TLS believes: the system's authorities, and those that the installation adds.
#pragma once

#include <filesystem>
#include <memory>

namespace boost::asio::ssl {
class context;
}

namespace kernel::net {

/// TLS 1.2 or later, chain and name checked always: there is no switch. Thread-safe.
class TlsTrust {
public:
    /// `extra`: a PEM file with more authorities; empty: the system's alone. Throws Error{invalid} naming a
    /// file that cannot be read.
    explicit TlsTrust(const std::filesystem::path& extra = {});
    ~TlsTrust();

    boost::asio::ssl::context& context() const { return *context_; }

private:
    std::unique_ptr<boost::asio::ssl::context> context_;
};

}  // namespace kernel::net
