// Why the edge does not go on with a request: the status to answer and a word for the log.
#pragma once

#include <exception>

namespace kernel::http {

/// Thrown by the parsers, caught once per request by the session.
class Refusal : public std::exception {
public:
    Refusal(int status, const char* cause) noexcept : status_(status), cause_(cause) {}
    int status() const noexcept { return status_; }
    const char* what() const noexcept override { return cause_; }

private:
    int status_;
    const char* cause_;  // a literal
};

}  // namespace kernel::http
