// HTTP/1.1 on one connection: the request written, the answer read piece by piece. Beast stays in the .cpp.
#pragma once

#include "kernel/net/byte_source.hpp"
#include "kernel/net/http_message.hpp"
#include "kernel/net/url.hpp"

#include <functional>
#include <memory>

namespace kernel::net {

/// The whole request as it goes over the wire. Throws Error{invalid} for a method or a field that would break
/// the message's frame.
std::string write_request(const HttpRequest& request, const Url& url, const Fields& extra);

/// Reads one answer. Interim answers (1xx) are left out. Throws NetError{unavailable, maybe_done} for what is
/// no HTTP, too long, cut off or late.
class AnswerReader {
public:
    AnswerReader(ByteSource& source, bool head_method);
    ~AnswerReader();

    /// Status and fields.
    HttpAnswer head();
    /// After head(): each piece of the body. Throws Error{invalid} where it is longer than `limit`.
    void body(std::uint64_t limit, const std::function<void(std::string_view)>& take);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kernel::net
