#include "kernel/blobs/s3_answers.hpp"

#include <concejo/error.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <ctime>

namespace kernel::blobs {
namespace {

std::string resolved(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, char>, 5> named{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    std::string out;
    while (!text.empty()) {
        bool entity = false;
        for (const auto& [name, character] : named) {
            if (!text.starts_with(name)) continue;
            out += character;
            text.remove_prefix(name.size());
            entity = true;
            break;
        }
        if (entity) continue;
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

/// Digits at a place; -1 for anything else.
int digits(std::string_view text, std::size_t from, std::size_t count) {
    if (text.size() < from + count) return -1;
    int value = 0;
    const auto part = text.substr(from, count);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc{} && end == part.data() + part.size() && value >= 0 ? value : -1;
}

}  // namespace

std::string s3_time(std::chrono::system_clock::time_point time) {
    return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::chrono::system_clock::time_point s3_instant(std::string_view text) {
    std::tm parts{};
    parts.tm_year = digits(text, 0, 4) - 1900;
    parts.tm_mon = digits(text, 5, 2) - 1;
    parts.tm_mday = digits(text, 8, 2);
    parts.tm_hour = digits(text, 11, 2);
    parts.tm_min = digits(text, 14, 2);
    parts.tm_sec = digits(text, 17, 2);
    if (parts.tm_year < 0 || parts.tm_mon < 0 || parts.tm_mday < 1 || parts.tm_hour < 0 || parts.tm_min < 0 ||
        parts.tm_sec < 0)
        return std::chrono::system_clock::now();
    return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::uint64_t s3_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        throw concejo::Error(concejo::ErrorKind::internal, "el almacén S3 no dice el tamaño de un objeto");
    return value;
}

std::vector<std::string> s3_values(std::string_view xml, std::string_view tag) {
    const auto open = fmt::format("<{}>", tag), close = fmt::format("</{}>", tag);
    std::vector<std::string> values;
    for (auto at = xml.find(open); at != xml.npos; at = xml.find(open, at)) {
        at += open.size();
        const auto end = xml.find(close, at);
        if (end == xml.npos) break;
        values.push_back(resolved(xml.substr(at, end - at)));
        at = end;
    }
    return values;
}

}  // namespace kernel::blobs
