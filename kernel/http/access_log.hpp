// One record for each request answered or cut. No personal data: no address, no path, no query, no agent.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "kernel/http/message.hpp"

namespace kernel::http {

struct AccessRecord {
    std::string id;                        ///< request id
    std::string tenant;                    ///< empty when the application did not say
    std::string method;                    ///< empty when the head could not be read
    int status = 0;                        ///< 0: nothing was answered
    AddressKind kind = AddressKind::none;  ///< of what answered; not in the line
    std::uint64_t bytes = 0;               ///< body bytes written
    std::uint64_t micros = 0;              ///< from the head's first byte to the last byte written
    std::string
        cause;  ///< "ok", or what ended it: client_abort, head_timeout, bad_request, handler_timeout …
};

/// {"time":"2026-11-23T21:00:00.123Z","id":…,"tenant":…,"method":…,"status":200,"bytes":14,"us":310,"cause":"ok"}
std::string to_json_line(const AccessRecord& record, std::chrono::system_clock::time_point when);

}  // namespace kernel::http
