#include "kernel/http/message.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace kernel::http {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::optional<std::string_view> first(const std::vector<Field>& list, std::string_view name) {
    for (const auto& pair : list)
        if (pair.name == name) return pair.value;
    return std::nullopt;
}

const Field* named(const std::vector<Field>& list, std::string_view name) {
    for (const auto& f : list)
        if (same_name(f.name, name)) return &f;
    return nullptr;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

Upload::Upload(Upload&& other) noexcept { *this = std::move(other); }

Upload& Upload::operator=(Upload&& other) noexcept {
    std::swap(name, other.name);
    std::swap(filename, other.filename);
    std::swap(media_type, other.media_type);
    std::swap(path, other.path);
    std::swap(size, other.size);
    std::swap(sha256, other.sha256);
    return *this;
}

Upload::~Upload() {
    std::error_code gone;
    if (!path.empty()) std::filesystem::remove(path, gone);
}

std::filesystem::path Upload::keep() { return std::exchange(path, {}); }

std::string_view Request::field(std::string_view name) const {
    const auto* found = named(fields, name);
    return found ? std::string_view(found->value) : std::string_view{};
}

bool Request::has_field(std::string_view name) const { return named(fields, name) != nullptr; }

std::optional<std::string_view> Request::query_value(std::string_view name) const {
    return first(query, name);
}

std::optional<std::string_view> Request::form_value(std::string_view name) const { return first(form, name); }

// RFC 6265 section 5.4 as browsers send it: name=value pairs between "; ". Values are given as they are.
std::optional<std::string_view> Request::cookie(std::string_view name) const {
    for (const auto& f : fields) {
        if (!same_name(f.name, "cookie")) continue;
        std::string_view rest = f.value;
        while (!rest.empty()) {
            auto end = rest.find(';');
            auto pair = rest.substr(0, end);
            rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
            while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
            auto equals = pair.find('=');
            if (equals != pair.npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
        }
    }
    return std::nullopt;
}

std::string_view Request::raw_query() const {
    std::string_view whole = target;
    auto mark = whole.find('?');
    return mark == whole.npos ? std::string_view{} : whole.substr(mark + 1);
}

Response::Response(int code, std::string_view media_type, Body content)
    : status(code), body(std::move(content)) {
    add("Content-Type", media_type);
}

Response& Response::set(std::string_view name, std::string_view value) {
    if (ready && named(ready->fields, name)) {
        fields.insert(fields.begin(), ready->fields.begin(), ready->fields.end());
        ready.reset();
    }
    std::erase_if(fields, [&](const Field& f) { return same_name(f.name, name); });
    return add(name, value);
}

Response& Response::add(std::string_view name, std::string_view value) {
    fields.push_back({std::string(name), std::string(value)});
    return *this;
}

std::string_view Response::field(std::string_view name) const {
    const auto* found = ready ? named(ready->fields, name) : nullptr;
    if (!found) found = named(fields, name);
    return found ? std::string_view(found->value) : std::string_view{};
}

std::string_view reason_phrase(int status) noexcept {
    switch (status) {
        case 100:
            return "Continue";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 451:
            return "Unavailable For Legal Reasons";
        case 460:
            return "Checksum Mismatch";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        case 507:
            return "Insufficient Storage";
        default:
            return "Unknown";
    }
}

}  // namespace kernel::http
