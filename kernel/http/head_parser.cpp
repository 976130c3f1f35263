#include <algorithm>
#include <charconv>
#include <cstring>

#include "kernel/http/head.hpp"
#include "kernel/http/refusal.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {
namespace {

constexpr std::string_view known_methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

[[noreturn]] void bad(const char* cause) { throw Refusal(400, cause); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The next line without its end, which is taken off too.
std::string_view take_line(std::string_view& text) {
    auto end = text.find("\r\n");
    auto line = text.substr(0, end);
    text.remove_prefix(end + 2);
    return line;
}

struct RequestLine {
    std::string_view method, target;
    char minor;
};

RequestLine parse_request_line(std::string_view line) {
    auto first = line.find(' '), last = line.rfind(' ');
    if (first == line.npos || first == 0 || first > 32 || last == first) bad("bad_request_line");
    RequestLine out{line.substr(0, first), line.substr(first + 1, last - first - 1), '1'};
    auto version = line.substr(last + 1);
    if (!is_token(out.method) || out.target.empty()) bad("bad_request_line");
    for (unsigned char c : out.target)
        if (c <= 32 || c >= 127 || std::strchr("#\"<>\\^`{|}", c)) bad("bad_target");
    if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !is_digit(version[5]) ||
        version[6] != '.' || !is_digit(version[7]))
        bad("bad_version");
    if (version[5] != '1') throw Refusal(505, "version");
    out.minor = version[7];
    return out;
}

/// Splits "host[:port]" into Request::host and checks both.
void set_authority(Request& request, std::string_view authority) {
    for (unsigned char c : authority)
        if (!(is_token_char(c) || std::strchr(":[]()=;", c)) || std::strchr("#^`|", c)) bad("bad_host");
    auto host = authority;
    std::string_view port;
    if (!authority.empty() && authority.front() == '[') {
        auto end = authority.find(']');
        if (end == authority.npos) bad("bad_host");
        host = authority.substr(0, end + 1);
        auto rest = authority.substr(end + 1);
        if (!rest.empty() && rest.front() != ':') bad("bad_host");
        if (!rest.empty()) port = rest.substr(1);
    } else if (auto colon = authority.find(':'); colon != authority.npos) {
        host = authority.substr(0, colon);
        port = authority.substr(colon + 1);
    }
    if (port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit)) bad("bad_host");
    unsigned number = 0;
    std::from_chars(port.data(), port.data() + port.size(), number);
    if (number > 65535) bad("bad_host");
    if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);  // the absolute form of the same name
    request.authority = authority;
    request.host = lower_case(host);
}

/// Fields that frame the message, gathered in one pass.
struct Framing {
    int hosts = 0, lengths = 0, codings = 0;
    std::string_view host;
    std::string coding;
    bool close = false, keep = false;
};

void note_connection(Framing& framing, std::string_view value) {
    while (!value.empty()) {
        auto end = value.find(',');
        auto option = trimmed(value.substr(0, end));
        framing.close |= same_name(option, "close");
        framing.keep |= same_name(option, "keep-alive");
        value.remove_prefix(end == value.npos ? value.size() : end + 1);
    }
}

void note_field(Head& head, Framing& framing, std::string_view name, std::string_view value) {
    switch (name.size()) {
        case 4:
            if (!same_name(name, "host")) break;
            if (framing.hosts++) bad("two_hosts");
            framing.host = value;
            break;
        case 6:
            if (!same_name(name, "expect")) break;
            if (!same_name(value, "100-continue")) throw Refusal(417, "expectation");
            head.expects_continue = !head.http10;
            break;
        case 10:
            if (same_name(name, "connection")) note_connection(framing, value);
            break;
        case 14:
            if (!same_name(name, "content-length")) break;
            if (framing.lengths++ || value.empty() || value.size() > 19) bad("bad_content_length");
            if (!std::all_of(value.begin(), value.end(), is_digit)) bad("bad_content_length");
            std::from_chars(value.data(), value.data() + value.size(), head.content_length);
            break;
        case 17:
            if (!same_name(name, "transfer-encoding")) break;
            if (framing.codings++) bad("bad_transfer_encoding");
            framing.coding = lower_case(value);
            break;
        default:
            break;
    }
}

void parse_fields(Head& head, Framing& framing, std::string_view text) {
    head.request.fields.reserve(8);
    while (text != "\r\n") {
        auto line = take_line(text);
        auto colon = line.find(':');
        if (colon == line.npos || !is_token(line.substr(0, colon)))
            bad("bad_field");  // obs-fold ends here too
        auto name = line.substr(0, colon);
        auto value = trimmed(line.substr(colon + 1));
        note_field(head, framing, name, value);
        head.request.fields.push_back({std::string(name), std::string(value)});
    }
}

void check_framing(Head& head, const Framing& framing) {
    if (!head.http10 && framing.hosts != 1) bad("no_host");
    set_authority(head.request, framing.host);
    if (framing.codings) {
        if (head.http10 || framing.lengths) bad("ambiguous_framing");
        if (framing.coding != "chunked") {
            // A list with chunked in it may hide a second framing; a coding that we do not know is only
            // unknown.
            bool list = framing.coding.find(',') != framing.coding.npos;
            if (list && framing.coding.find("chunked") != framing.coding.npos) bad("bad_transfer_encoding");
            throw Refusal(501, "transfer_coding");
        }
        head.chunked = true;
    }
    head.keep_alive = !framing.close && (!head.http10 || framing.keep);
}

void set_target(Request& request, std::string_view target, const Limits& limits) {
    if (target == "*") {
        if (request.method != "OPTIONS") bad("bad_target");
        request.target = request.path = "*";
        return;
    }
    if (target.front() != '/') {
        auto scheme = target.find("://");
        if (scheme == target.npos) bad("bad_target");
        auto name = lower_case(target.substr(0, scheme));
        if (name != "http" && name != "https") bad("bad_target");
        auto rest = target.substr(scheme + 3);
        auto end = rest.find_first_of("/?");
        auto authority = rest.substr(0, end);
        if (authority.empty() || authority.find('@') != authority.npos) bad("bad_target");
        set_authority(request, authority);  // RFC 9112 section 3.2.2: it replaces Host
        target = end == rest.npos ? std::string_view{} : rest.substr(end);
    }
    if (target.empty() || target.front() != '/') request.target = "/";
    request.target += target;

    std::string_view whole = request.target;
    auto mark = whole.find('?');
    auto path = percent_decoded(whole.substr(0, mark));
    if (!path || path->find('\0') != path->npos || !is_utf8(*path)) bad("bad_path");
    for (std::size_t at = 0; at < path->size();) {
        auto end = std::min(path->find('/', at + 1), path->size());
        auto segment = std::string_view(*path).substr(at + 1, end - at - 1);
        if (segment == "." || segment == "..") bad("dot_segment");
        at = end;
    }
    request.path = *std::move(path);
    if (mark != whole.npos) request.query = urlencoded_pairs(whole.substr(mark + 1), limits.form_pairs);
}

}  // namespace

Head parse_head(std::string_view text, const Limits& limits) {
    Head head;
    Framing framing;
    auto line = parse_request_line(take_line(text));
    head.http10 = line.minor == '0';
    head.request.method = line.method;
    parse_fields(head, framing, text);
    check_framing(head, framing);
    auto known = std::find(std::begin(known_methods), std::end(known_methods), line.method);
    if (known == std::end(known_methods)) throw Refusal(501, "method");
    set_target(head.request, line.target, limits);
    return head;
}

}  // namespace kernel::http
