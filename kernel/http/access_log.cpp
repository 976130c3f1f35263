#include "kernel/http/access_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <iterator>

namespace kernel::http {
namespace {

/// Ids, tenants and causes are plain words; anything else is kept out of the line's syntax.
void append_quoted(std::string& out, std::string_view name, const std::string& text) {
    out += name;
    out += '"';
    for (unsigned char c : text) {
        if (c < 32 || c == '"' || c == '\\')
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
        else
            out += static_cast<char>(c);
    }
    out += '"';
}

/// "2026-11-23T21:00:00"; made once a second per thread.
const std::string& second_text(std::time_t second) {
    thread_local std::time_t of = -1;
    thread_local std::string text;
    if (second != of) {
        text = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(second));
        of = second;
    }
    return text;
}

}  // namespace

std::string to_json_line(const AccessRecord& record, std::chrono::system_clock::time_point when) {
    const auto millis =
        std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
    std::string out;
    out.reserve(256);
    auto end = std::back_inserter(out);
    fmt::format_to(end, R"({{"time":"{}.{:03}Z")", second_text(static_cast<std::time_t>(millis / 1000)),
                   millis % 1000);
    append_quoted(out, R"(,"id":)", record.id);
    append_quoted(out, R"(,"tenant":)", record.tenant);
    append_quoted(out, R"(,"method":)", record.method);
    fmt::format_to(end, R"(,"status":{},"bytes":{},"us":{})", record.status, record.bytes, record.micros);
    append_quoted(out, R"(,"cause":)", record.cause);
    out += '}';
    return out;
}

}  // namespace kernel::http
