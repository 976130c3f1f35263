// Range, If-Range and the conditions on entity tags (RFC 9110 sections 13 and 14).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/http/message.hpp"

namespace kernel::http {

struct ByteRange {
    enum class Kind { whole, part, unsatisfiable } kind = Kind::whole;
    std::uint64_t offset = 0, length = 0;
};

/// What a Range field asks of a representation of `size` bytes. Another unit, wrong syntax or several ranges
/// give the whole: a server may ignore Range, and several parts are never worth their multipart answer here.
ByteRange parse_range(std::string_view value, std::uint64_t size);

/// The range of a GET, unless If-Range names another version. Weak tags and dates never match in If-Range.
ByteRange requested_range(const Request& request, std::uint64_t size, std::string_view etag);

/// True when If-None-Match lists `etag` (weak comparison) or "*".
bool none_match_lists(const Request& request, std::string_view etag);

/// The answer to a conditional or partial request for bytes in memory: 304, 206, 416, or all of them.
/// `response` has status 200, its fields and a body in memory; `etag` goes quoted into ETag.
Response conditional(const Request& request, Response response, std::string_view etag);
/// The same where ETag is among the fields already.
Response as_asked(const Request& request, Response response, std::string_view etag);

}  // namespace kernel::http
