// One HTTP/1.1 server that the configuration names, asked by any thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kernel::net {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Outgoing {
    std::string method, target;  ///< target: path and query, encoded
    Fields fields;               ///< besides Host and Content-Length
    std::string_view body;
};

struct Incoming {
    int status = 0;
    Fields fields;
    std::string body;

    /// The first of that name, in any case; empty where there is none.
    std::string_view field(std::string_view name) const;
};

struct PeerOptions {
    std::chrono::seconds connect{5}, step{30};  ///< each write and read by itself
    std::size_t idle = 8;                       ///< connections that are kept open
};

/// Thread-safe. The connections are made when they are needed.
class Peer {
public:
    /// "http://127.0.0.1:9000" or "https://s3.example.org". Error{invalid} for another text.
    explicit Peer(std::string_view address, PeerOptions options = {});
    ~Peer();

    /// "127.0.0.1:9000", as the Host field has it.
    const std::string& host() const noexcept;
    /// Error{unavailable} where no whole answer came; then nobody knows whether the server did it. An
    /// answer's body of more than `most` bytes is one of these.
    Incoming ask(const Outgoing& request, std::size_t most);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kernel::net
