#include "kernel/http/access_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace kernel::http {
namespace {

/// Ids, tenants and causes are plain words; anything else is kept out of the line's syntax.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (unsigned char c : text) {
        if (c < 32 || c == '"' || c == '\\')
            out += fmt::format("\\u{:04x}", c);
        else
            out += static_cast<char>(c);
    }
    return out + "\"";
}

}  // namespace

std::string to_json_line(const AccessRecord& record, std::chrono::system_clock::time_point when) {
    auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
    return fmt::format(
        R"({{"time":"{:%Y-%m-%dT%H:%M:%S}.{:03}Z","id":{},"tenant":{},"method":{},"status":{},)"
        R"("bytes":{},"us":{},"cause":{}}})",
        fmt::gmtime(static_cast<std::time_t>(millis / 1000)), millis % 1000, quoted(record.id),
        quoted(record.tenant), quoted(record.method), record.status, record.bytes, record.micros,
        quoted(record.cause));
}

}  // namespace kernel::http
