// What fails on the network, and how far it had got.
#pragma once

#include <concejo/error.hpp>

#include <string>

namespace kernel::net {

/// Kind unavailable (trying again may help), or forbidden (a certificate that is no good, an address that may
/// not be reached).
class NetError : public concejo::Error {
public:
    NetError(concejo::ErrorKind kind, const std::string& message, bool maybe_done = false)
        : Error(kind, message), maybe_done_(maybe_done) {}

    /// Something of the request was written and no whole answer came: the other side may have acted on it.
    bool maybe_done() const noexcept { return maybe_done_; }

private:
    bool maybe_done_;
};

}  // namespace kernel::net
