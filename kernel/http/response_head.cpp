#include "kernel/http/response_head.hpp"

#include <charconv>
#include <ctime>

#include "kernel/http/text.hpp"

namespace kernel::http {
namespace {

bool edge_owns(std::string_view name) {
    switch (name.size()) {
        case 4:
            return same_name(name, "date");
        case 10:
            return same_name(name, "connection") || same_name(name, "keep-alive");
        case 12:
            return same_name(name, "x-request-id");
        case 14:
            return same_name(name, "content-length");
        case 17:
            return same_name(name, "transfer-encoding");
        default:
            return false;
    }
}

bool may_stand(const Field& field) {
    return !edge_owns(field.name) && is_token(field.name) &&
           field.value.find_first_of(std::string_view("\r\n\0", 3)) == field.value.npos;
}

void append_field(std::string& out, const Field& field) {
    out += "\r\n";
    out += field.name;
    out += ": ";
    out += field.value;
}

void append_number(std::string& out, std::uint64_t number) {
    char digits[20];
    auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

}  // namespace

std::string response_head(const Response& response, const ResponseFrame& frame,
                          const std::string& request_id) {
    std::string out;
    out.reserve(512 + (response.ready ? response.ready->lines.size() : 0));
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(response.status));
    out += ' ';
    out += reason_phrase(response.status);
    out += "\r\nDate: ";
    out += http_date();
    if (response.ready) out += response.ready->lines;
    for (const auto& field : response.fields)
        if (may_stand(field)) append_field(out, field);
    if (!request_id.empty()) {
        out += "\r\nX-Request-Id: ";
        out += request_id;
    }
    if (frame.chunked) {
        out += "\r\nTransfer-Encoding: chunked";
    } else if (frame.length) {
        out += "\r\nContent-Length: ";
        append_number(out, *frame.length);
    }
    if (!frame.keep)
        out += "\r\nConnection: close";
    else if (frame.http10)
        out += "\r\nConnection: keep-alive";
    out += "\r\n\r\n";
    return out;
}

ReadyFields ready_fields(std::vector<Field> fields) {
    ReadyFields out;
    std::erase_if(fields, [](const Field& field) { return !may_stand(field); });
    out.fields = std::move(fields);
    for (const auto& field : out.fields) append_field(out.lines, field);
    return out;
}

bool has_no_body(int status) noexcept { return status == 204 || status == 304; }

Response plain_error(int status) {
    return {status, "text/plain; charset=utf-8", std::string(reason_phrase(status)) + "\n"};
}

const std::string& http_date() {
    thread_local std::time_t of = 0;
    thread_local std::string text;
    std::time_t now = std::time(nullptr);
    if (now != of) {
        // Not strftime: %a and %b follow the process's locale.
        static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm utc{};
        gmtime_r(&now, &utc);
        char line[64];
        std::snprintf(line, sizeof line, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[utc.tm_wday],
                      utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                      utc.tm_sec);
        text = line;
        of = now;
    }
    return text;
}

}  // namespace kernel::http
