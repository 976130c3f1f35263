// sd_listen_fds(3) as its manual describes the protocol, without the library.
#include "concejo/error.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/http/server.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>

namespace kernel::http {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr int first_descriptor = 3;

std::optional<long> number_in(const char* name) {
    const char* text = std::getenv(name);
    if (!text) return std::nullopt;
    const std::string_view digits(text);
    long value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

int option_of(int fd, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

bool listens_on_tcp(int fd) {
    const int domain = option_of(fd, SO_DOMAIN);
    return (domain == AF_INET || domain == AF_INET6) && option_of(fd, SO_TYPE) == SOCK_STREAM &&
           option_of(fd, SO_ACCEPTCONN) == 1;
}

}  // namespace

int handed_over_socket() {
    const auto process = number_in("LISTEN_PID"), count = number_in("LISTEN_FDS");
    for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
    if (!process || *process != ::getpid() || !count || *count == 0) return -1;
    if (*count != 1)
        throw Error(
            ErrorKind::invalid,
            base::tr("se han entregado {} sockets (LISTEN_FDS) y el servidor atiende uno: deje un solo "
                     "ListenStream",
                     *count));
    if (!listens_on_tcp(first_descriptor))
        throw Error(
            ErrorKind::invalid,
            base::tr("lo entregado (LISTEN_FDS) no es un socket TCP que escuche: use ListenStream con una "
                     "dirección y un puerto, sin Accept"));
    ::fcntl(first_descriptor, F_SETFL, ::fcntl(first_descriptor, F_GETFL) | O_NONBLOCK);
    ::fcntl(first_descriptor, F_SETFD, FD_CLOEXEC);
    return first_descriptor;
}

}  // namespace kernel::http
