#include "kernel/cli/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace kernel::cli {

void tell_service_manager(std::string_view state) {
    const char* place = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = place ? std::strlen(place) : 0;
    if (length < 2 || length >= sizeof address.sun_path) return;
    std::memcpy(address.sun_path, place, length);
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // the abstract name space
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    // Nothing depends on the answer: a manager that is gone needs no word.
    (void)::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address),
                   size);
    ::close(socket);
}

}  // namespace kernel::cli
