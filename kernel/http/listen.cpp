#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "concejo/error.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/http/server.hpp"

namespace kernel::http {
namespace {

using concejo::Error;
using concejo::ErrorKind;

std::string explain(const std::string& address, std::uint16_t port, int problem) {
    auto where = fmt::format("{}:{}", address, port);
    switch (problem) {
        case EADDRINUSE:
            return base::tr(
                "no se puede escuchar en {0}: otro programa ya usa ese puerto; averigüe cuál con "
                "«ss -ltnp 'sport = :{1}'», o elija otro con --port o http.puerto en platform.yaml",
                where, port);
        case EACCES:
            return base::tr(
                "no se puede escuchar en {}: los puertos menores que 1024 necesitan permiso; use uno "
                "mayor, o dé CAP_NET_BIND_SERVICE al programa",
                where);
        case EADDRNOTAVAIL:
            return base::tr(
                "no se puede escuchar en {}: esta máquina no tiene esa dirección; vea las suyas con "
                "«ip address»",
                where);
        default:
            return base::tr("no se puede escuchar en {0}: {1}", where, std::strerror(problem));
    }
}

}  // namespace

int listen_on(const std::string& address, std::uint16_t port, std::chrono::milliseconds patience) {
    sockaddr_storage storage{};
    socklen_t size = 0;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        size = sizeof *v4;
    } else if (inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        size = sizeof *v6;
    } else {
        throw Error(ErrorKind::invalid, base::tr("«{}» no es una dirección IP en la que escuchar; use, por "
                                                 "ejemplo, 127.0.0.1, 0.0.0.0 o ::",
                                                 address));
    }
    int fd = ::socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int one = 1;
    if (fd >= 0) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    const auto until = std::chrono::steady_clock::now() + patience;
    const auto bound = [&] {
        while (::bind(fd, reinterpret_cast<sockaddr*>(&storage), size) != 0) {
            if (errno != EADDRINUSE || std::chrono::steady_clock::now() >= until) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return true;
    };
    if (fd < 0 || !bound() || ::listen(fd, 4096) != 0) {
        int problem = errno;
        if (fd >= 0) ::close(fd);
        throw Error(ErrorKind::unavailable, explain(address, port, problem));
    }
    return fd;
}

std::uint16_t port_of(int listen_fd) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(listen_fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0)
        throw Error(ErrorKind::internal, fmt::format("descriptor {} is not a socket", listen_fd));
    return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port
                                               : reinterpret_cast<sockaddr_in*>(&storage)->sin_port);
}

}  // namespace kernel::http
