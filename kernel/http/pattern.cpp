#include "kernel/http/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "concejo/error.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {
namespace {

[[noreturn]] void bad(std::string_view pattern, std::string_view why) {
    throw concejo::Error(concejo::ErrorKind::invalid, fmt::format("route pattern \"{}\": {}", pattern, why));
}

}  // namespace

std::vector<std::string_view> path_segments(std::string_view path) {
    std::vector<std::string_view> out;
    while (!path.empty()) {
        auto end = path.find('/');
        if (end != 0) out.push_back(path.substr(0, end));
        path.remove_prefix(end == path.npos ? path.size() : end + 1);
    }
    return out;
}

Pattern Pattern::parse(std::string_view text) {
    if (text.empty() || text.front() != '/') bad(text, "begin it with '/'");
    if (text.size() > 512) bad(text, "longer than 512 bytes");
    Pattern out;
    std::set<std::string_view> names;
    for (auto segment : path_segments(text)) {
        if (out.ends_in_rest()) bad(text, "\"*\" may only be the last segment");
        if (segment == "*") {
            out.segments.push_back({Kind::rest, "*"});
        } else if (segment.front() == ':') {
            auto name = segment.substr(1);
            if (!is_token(name) || name.find('*') != name.npos)
                bad(text, "a parameter needs a name, as in \":id\"");
            if (!names.insert(name).second) bad(text, "two parameters of the same name");
            out.segments.push_back({Kind::param, std::string(name)});
        } else {
            if (segment == "." || segment == ".." || !is_utf8(segment))
                bad(text, "a segment no request can have");
            if (segment.find_first_of("*?#%") != segment.npos)
                bad(text, "write fixed segments decoded, and \"*\" or \":name\" as a whole segment");
            out.segments.push_back({Kind::fixed, std::string(segment)});
        }
    }
    return out;
}

bool Pattern::ends_in_rest() const noexcept {
    return !segments.empty() && segments.back().kind == Kind::rest;
}

bool Pattern::same_shape(const Pattern& other) const {
    return std::equal(segments.begin(), segments.end(), other.segments.begin(), other.segments.end(),
                      [](const Segment& a, const Segment& b) {
                          return a.kind == b.kind && (a.kind != Kind::fixed || a.text == b.text);
                      });
}

bool Pattern::overlaps(const Pattern& other) const {
    for (std::size_t i = 0;; ++i) {
        bool end_a = i == segments.size(), end_b = i == other.segments.size();
        if (end_a || end_b) return end_a && end_b;
        const auto &a = segments[i], &b = other.segments[i];
        if (a.kind == Kind::rest || b.kind == Kind::rest) return true;
        if (a.kind == Kind::fixed && b.kind == Kind::fixed && a.text != b.text) return false;
    }
}

}  // namespace kernel::http
