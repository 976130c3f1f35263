// Requests and responses as values: what the kernel sees of HTTP. No server or library type appears here.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kernel::http {

class EventChannel;

struct Field {
    std::string name, value;
};

/// A file that came in the body (a multipart part, or a raw body that was spooled: then `name` is empty).
/// The file is removed with this object, unless the handler moved it elsewhere or called keep().
struct Upload {
    std::string name;        ///< form field
    std::string filename;    ///< as the client named it, without folders; never use it as a path
    std::string media_type;  ///< as declared, lower-case, without parameters; not verified
    std::filesystem::path path;
    std::uint64_t size = 0;  ///< bytes
    std::string sha256;      ///< lower-case hexadecimal of the content

    Upload() = default;
    Upload(Upload&&) noexcept;
    Upload& operator=(Upload&&) noexcept;
    ~Upload();
    /// The file stays; the caller answers for it from here on.
    std::filesystem::path keep();
};

/// Takes a body as it arrives, where neither memory nor a spooled file is the place for it.
class BodySink {
public:
    virtual ~BodySink() = default;
    /// Edge thread: may write to the page cache, must not block otherwise. Throws Refusal where no more is
    /// wanted. What it has taken of a body that is then cut off is its own to keep or to drop.
    virtual void write(std::string_view bytes) = 0;
};

/// A complete, validated request. Built by the edge; moved to a handler thread.
struct Request {
    std::string method;  ///< GET HEAD POST PUT PATCH DELETE OPTIONS
    std::string target;  ///< raw path and query as sent ("/tabl%C3%B3n?p=2"), or "*"
    std::string path;    ///< decoded once; valid UTF-8, no NUL, no dot segments, begins with '/' (or is "*")
    std::string host;    ///< lower-case, without port; empty only in HTTP/1.0
    std::string authority;      ///< host and port as sent
    std::vector<Field> query;   ///< decoded, in order, names may repeat
    std::vector<Field> fields;  ///< header fields as sent, in order
    std::vector<Field> form;    ///< urlencoded body, or the text parts of a multipart one
    std::vector<Upload> uploads;
    std::string body;                ///< raw bytes; empty when it became `form` by multipart or was spooled
    std::shared_ptr<BodySink> sink;  ///< took the body, where the application had one for it
    std::string peer;        ///< client's address without port (behind a trusted proxy: what it forwards)
    bool secure = false;     ///< TLS here, or at the trusted proxy
    std::string request_id;  ///< 32 hexadecimal digits, or the trusted proxy's
    std::chrono::steady_clock::time_point deadline{};  ///< after it the client has had its 503

    /// First header field of that name, case-insensitive; empty view when absent.
    std::string_view field(std::string_view name) const;
    bool has_field(std::string_view name) const;
    std::optional<std::string_view> query_value(std::string_view name) const;
    std::optional<std::string_view> form_value(std::string_view name) const;
    std::optional<std::string_view> cookie(std::string_view name) const;
    /// The part of `target` after '?', raw; empty when there is none.
    std::string_view raw_query() const;
};

/// A stretch of a file, sent with sendfile. The file is opened when the answer begins; if it is not there,
/// the connection answers 500.
struct FileBody {
    std::filesystem::path path;
    std::uint64_t offset = 0, length = 0;
};

/// A body made piece by piece. `next` runs on the worker pool, one call at a time; an empty string ends it.
/// An exception, or fewer or more bytes than `length`, cuts the connection, so that no client takes it as
/// whole.
struct StreamBody {
    std::function<std::string()> next;
    std::optional<std::uint64_t> length;  ///< absent: chunked (to a 1.0 client: until the connection closes)
};

/// Server-sent events (events.hpp): the edge holds the connection and sends what comes through the channel,
/// with a comment now and then, until it is closed. Refused with 503 where there are too many.
struct EventsBody {
    std::shared_ptr<EventChannel> channel;
};

using SharedText = std::shared_ptr<const std::string>;

/// Fields of an answer that is given many times, with the bytes that they take in its head.
struct ReadyFields {
    std::vector<Field> fields;
    std::string lines;  ///< "\r\nName: value" of each; made by ready_fields() (response_head.hpp)
};
using Body = std::variant<std::string, SharedText, FileBody, StreamBody, EventsBody>;

/// How the application sorts its addresses, for what is measured.
enum class AddressKind : std::uint8_t { none, page, staff, api, bare, file, system };

/// The edge adds Date, Content-Length or Transfer-Encoding, Connection and X-Request-Id, and leaves the body
/// out for HEAD, 204 and 304. Fields with a line break or NUL in them are dropped by the edge.
struct Response {
    int status = 200;
    AddressKind kind = AddressKind::none;
    std::vector<Field> fields;
    std::shared_ptr<const ReadyFields> ready;  ///< stand before `fields`; null: none
    Body body;
    std::string tenant;  ///< for the access log
    std::string cause;   ///< for the access log, when there is more to say than the status

    Response() = default;
    explicit Response(int code) : status(code) {}
    Response(int code, std::string_view media_type, Body content);

    Response& set(std::string_view name, std::string_view value);  ///< replaces every field of that name
    Response& add(std::string_view name, std::string_view value);
    std::string_view field(std::string_view name) const;
};

/// ASCII case-insensitive comparison, as field names need.
bool same_name(std::string_view a, std::string_view b) noexcept;

/// "Not Found" for 404; "Unknown" for a code that has no phrase.
std::string_view reason_phrase(int status) noexcept;

}  // namespace kernel::http
