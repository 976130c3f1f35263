#include "kernel/web/tus.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/base/text.hpp"
#include "kernel/http/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <ctime>
#include <set>

namespace kernel::web::tus {

http::Response answer(int status) {
    http::Response response(status);
    response.set("Tus-Resumable", version);
    response.set("Cache-Control", "no-store");
    return response;
}

http::Response refusal(int status, std::string_view why) {
    auto response = answer(status);
    response.set("Content-Type", "text/plain; charset=utf-8");
    response.body = std::string(why) + "\n";
    return response;
}

http::Response progress(int status, const blobs::Upload& upload) {
    auto response = answer(status);
    response.set("Upload-Offset", std::to_string(upload.offset));
    response.set("Upload-Expires", http_date(upload.expires));
    return response;
}

std::string method_of(const http::Request& request) {
    const auto other = request.field("x-http-method-override");
    if (request.method != "POST" || other.empty()) return request.method;
    return std::string(other);
}

std::optional<http::Response> wrong_version(const http::Request& request) {
    if (request.field("tus-resumable") == version) return std::nullopt;
    auto response = refusal(412, "esta dirección habla tus 1.0.0");
    response.set("Tus-Version", version);
    return response;
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > INT64_MAX) return std::nullopt;
    return value;
}

bool is_metadata(std::string_view text) {
    if (text.empty()) return true;
    if (text.size() > 4096) return false;
    std::set<std::string_view> keys;
    for (auto pair : base::split(text, ',')) {
        pair = http::trimmed(pair);
        const auto space = pair.find(' ');
        const auto key = pair.substr(0, space);
        for (const unsigned char c : key) {
            if (c <= 0x20 || c >= 0x7f) return false;
        }
        if (key.empty() || !keys.insert(key).second) return false;
        if (space != pair.npos && !base::unbase64(pair.substr(space + 1))) return false;
    }
    return true;
}

std::string http_date(std::int64_t unix_seconds) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto when = static_cast<std::time_t>(unix_seconds);
    std::tm parts{};
    ::gmtime_r(&when, &parts);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[parts.tm_wday], parts.tm_mday,
                       months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace kernel::web::tus
