// What goes wrong, in the six kinds that both sides of the boundary know.
#pragma once

#include <stdexcept>
#include <string>

namespace concejo::inline v1 {

/// The kinds equal the CONCEJO_* statuses of abi.h; the web answers them as the HTTP status beside each.
enum class ErrorKind : int {
    invalid = 1,      ///< 400: the caller's data is wrong, the message says what to change
    not_found = 2,    ///< 404
    forbidden = 3,    ///< 403
    conflict = 4,     ///< 409: the state does not allow it (duplicate, already withdrawn …)
    unavailable = 5,  ///< 503: try again later
    internal = 6      ///< 500: a defect or a broken machine
};

/// Thrown where a function cannot do what it says; caught once per request, job or command.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    ErrorKind kind() const noexcept { return kind_; }

private:
    ErrorKind kind_;
};

inline int http_status(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::invalid:
            return 400;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::forbidden:
            return 403;
        case ErrorKind::conflict:
            return 409;
        case ErrorKind::unavailable:
            return 503;
        case ErrorKind::internal:
            break;
    }
    return 500;
}

}  // namespace concejo::inline v1
