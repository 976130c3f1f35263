// Where a body goes while it arrives: to memory or to a file that is whole or not there. Internal to
// kernel/net.
#pragma once

#include "kernel/base/digest.hpp"
#include "kernel/net/http_message.hpp"

#include <filesystem>
#include <string_view>

namespace kernel::net {

class HttpBody {
public:
    /// `to` empty: memory. Throws Error{invalid} where the file exists, Error{internal} where it cannot be
    /// made.
    explicit HttpBody(const std::filesystem::path& to);
    ~HttpBody();  ///< removes what finish() did not hand over
    HttpBody(const HttpBody&) = delete;
    HttpBody& operator=(const HttpBody&) = delete;

    void write(std::string_view bytes);
    /// Fills body, bytes and sha256.
    void finish(HttpAnswer& answer);

private:
    const std::filesystem::path to_;
    int fd_ = -1;
    std::string memory_;
    std::uint64_t bytes_ = 0;
    base::Sha256 sha_;
};

/// Gives a file to `take` in pieces; false where it cannot be read or its sha-256 is another.
bool read_body(const std::filesystem::path& file, const std::string& sha256, HttpBody& into);

}  // namespace kernel::net
