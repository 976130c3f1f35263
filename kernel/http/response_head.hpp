// Status line and fields of an answer, as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kernel/http/message.hpp"

namespace kernel::http {

struct ResponseFrame {
    std::optional<std::uint64_t> length;  ///< Content-Length
    bool chunked = false;
    bool keep = true;
    bool http10 = false;
};

/// Drops fields that the edge owns, and those that would break the head (line breaks, NUL, names not a
/// token).
std::string response_head(const Response& response, const ResponseFrame& frame,
                          const std::string& request_id);

/// For Response::ready: what response_head() would drop is not in it.
ReadyFields ready_fields(std::vector<Field> fields);

/// Statuses that never have a body: 204, 304.
bool has_no_body(int status) noexcept;

/// The built-in text for errors met before there is an application to ask.
Response plain_error(int status);

/// "Sun, 06 Nov 1994 08:49:37 GMT" of now; made once a second per thread.
const std::string& http_date();

}  // namespace kernel::http
