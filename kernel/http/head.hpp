// The strict reading of a request's head (RFC 9112): framing first, byte by byte; meaning only when it is
// whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kernel/http/limits.hpp"
#include "kernel/http/message.hpp"

namespace kernel::http {

/// Finds the end of a head in a growing buffer. Every refusal depends only on the bytes up to the first wrong
/// one, so that the result is the same wherever the network cut them.
class HeadScanner {
public:
    explicit HeadScanner(const Limits& limits) : limits_(limits) {}

    /// `buffer` begins where the previous request ended and only grows between calls. True when a head is
    /// complete: it is buffer[begin(), end()). Throws Refusal (400, 414, 431).
    bool scan(std::string_view buffer);

    std::size_t begin() const noexcept { return begin_; }  ///< after the empty lines that may come first
    std::size_t end() const noexcept { return at_; }
    bool begun() const noexcept { return in_head_; }  ///< a byte of the head itself has arrived

private:
    void end_of_line();

    const Limits& limits_;
    std::size_t at_ = 0, begin_ = 0, line_begin_ = 0, lines_ = 0, empty_lines_ = 0;
    bool in_head_ = false, after_cr_ = false, done_ = false;
};

struct Head {
    Request request;  ///< method, target, path, host, authority, query, fields
    std::uint64_t content_length = 0;
    bool chunked = false;
    bool keep_alive = true;
    bool http10 = false;
    bool expects_continue = false;
};

/// Reads a head that HeadScanner found complete. Throws Refusal (400, 417, 501, 505).
Head parse_head(std::string_view head, const Limits& limits);

}  // namespace kernel::http
