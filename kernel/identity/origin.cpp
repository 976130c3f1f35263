#include "kernel/identity/origin.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace kernel::identity {

std::string address_prefix(std::string_view address) {
    const std::string text(address);
    char out[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    if (inet_pton(AF_INET, text.c_str(), bytes) == 1) {
        bytes[3] = 0;
        return std::string(inet_ntop(AF_INET, bytes, out, sizeof out)) + "/24";
    }
    if (inet_pton(AF_INET6, text.c_str(), bytes) != 1) return {};
    static constexpr unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::memcmp(bytes, mapped, sizeof mapped) == 0) {
        bytes[15] = 0;
        return std::string(inet_ntop(AF_INET, bytes + 12, out, sizeof out)) + "/24";
    }
    std::memset(bytes + 6, 0, 10);
    return std::string(inet_ntop(AF_INET6, bytes, out, sizeof out)) + "/48";
}

audit::Event event_of(const Origin& by, std::string_view tenant, std::string action, std::string object,
                      std::string result) {
    audit::Event event;
    event.tenant = tenant;
    event.actor = by.actor;
    event.action = std::move(action);
    event.object = std::move(object);
    event.result = std::move(result);
    event.ip_prefix = address_prefix(by.peer);
    event.request_id = by.request_id;
    return event;
}

}  // namespace kernel::identity
