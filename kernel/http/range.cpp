#include "kernel/http/range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "kernel/http/text.hpp"

namespace kernel::http {
namespace {

/// 1*DIGIT; what does not fit in 64 bits is beyond every file.
bool read_number(std::string_view text, std::uint64_t& out) {
    if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return false;
    if (std::from_chars(text.data(), text.data() + text.size(), out).ec != std::errc()) out = UINT64_MAX;
    return true;
}

bool is_quoted(std::string_view tag, std::string_view etag) {
    return tag.size() == etag.size() + 2 && tag.front() == '"' && tag.back() == '"' &&
           tag.substr(1, etag.size()) == etag;
}

std::string_view opaque(std::string_view tag) { return tag.substr(0, 2) == "W/" ? tag.substr(2) : tag; }

}  // namespace

ByteRange parse_range(std::string_view value, std::uint64_t size) {
    const ByteRange whole{ByteRange::Kind::whole, 0, size}, none{ByteRange::Kind::unsatisfiable, 0, 0};
    auto equals = value.find('=');
    if (equals == value.npos || !same_name(trimmed(value.substr(0, equals)), "bytes")) return whole;
    auto spec = trimmed(value.substr(equals + 1));
    auto dash = spec.find('-');
    if (dash == spec.npos || spec.find(',') != spec.npos) return whole;
    auto from = spec.substr(0, dash), to = spec.substr(dash + 1);
    std::uint64_t first = 0, last = 0;
    if (from.empty()) {
        if (!read_number(to, last)) return whole;
        if (last == 0 || size == 0) return none;
        auto length = std::min(last, size);
        return {ByteRange::Kind::part, size - length, length};
    }
    if (!read_number(from, first)) return whole;
    if (!to.empty() && !read_number(to, last)) return whole;
    if (!to.empty() && last < first) return whole;  // invalid, not unsatisfiable
    if (first >= size) return none;
    last = to.empty() ? size - 1 : std::min(last, size - 1);
    return {ByteRange::Kind::part, first, last - first + 1};
}

ByteRange requested_range(const Request& request, std::uint64_t size, std::string_view etag) {
    const ByteRange whole{ByteRange::Kind::whole, 0, size};
    if (request.method != "GET" || !request.has_field("range")) return whole;
    if (request.has_field("if-range")) {
        auto version = request.field("if-range");
        if (version.substr(0, 2) == "W/" || etag.empty() || !is_quoted(version, etag)) return whole;
    }
    return parse_range(request.field("range"), size);
}

bool none_match_lists(const Request& request, std::string_view etag) {
    if (etag.empty()) return false;
    for (const auto& field : request.fields) {
        if (!same_name(field.name, "if-none-match")) continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            auto comma = rest.find(',');
            auto tag = trimmed(rest.substr(0, comma));
            if (tag == "*" || is_quoted(opaque(tag), etag)) return true;
            rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
        }
    }
    return false;
}

Response conditional(const Request& request, Response response, std::string_view etag) {
    if (!etag.empty()) response.set("ETag", fmt::format("\"{}\"", etag));
    return as_asked(request, std::move(response), etag);
}

Response as_asked(const Request& request, Response response, std::string_view etag) {
    if (response.status != 200 || (request.method != "GET" && request.method != "HEAD")) return response;
    if (none_match_lists(request, etag)) {
        response.status = 304;
        response.body = std::string();
        return response;
    }
    if (!request.has_field("range")) return response;
    auto* shared = std::get_if<SharedText>(&response.body);
    auto* own = std::get_if<std::string>(&response.body);
    std::string_view all = shared ? std::string_view(**shared)
                           : own  ? std::string_view(*own)
                                  : std::string_view{};
    auto range = requested_range(request, all.size(), etag);
    if (range.kind == ByteRange::Kind::whole) return response;
    if (range.kind == ByteRange::Kind::unsatisfiable) {
        response.status = 416;
        response.set("Content-Range", fmt::format("bytes */{}", all.size()));
        response.body = std::string();
        return response;
    }
    response.status = 206;
    response.set("Content-Range",
                 fmt::format("bytes {}-{}/{}", range.offset, range.offset + range.length - 1, all.size()));
    response.body = std::string(all.substr(range.offset, range.length));
    return response;
}

}  // namespace kernel::http
