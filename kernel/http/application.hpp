// What the edge asks of the program that it serves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "kernel/http/message.hpp"

namespace kernel::http {

/// How the body of one request is read. Decided from the head alone.
struct BodyPlan {
    std::uint64_t limit =
        1 << 20;         ///< bytes; more gets 413 before anything is read, where the length is told
    bool spool = false;  ///< multipart files, or any other body, go to files in `spool_dir`
    std::filesystem::path spool_dir;  ///< must exist; on the file system where the uploads will stay
    bool ask = false;                 ///< admit() says what becomes of a body, before any of it is read
    std::shared_ptr<BodySink> sink;
};

/// What admit() says: an answer at once, or where the body goes and how much of it may come.
struct BodyAdmission {
    std::optional<Response> answer;
    std::shared_ptr<BodySink> sink;
    std::uint64_t limit = 0;  ///< bytes
};

class Application {
public:
    virtual ~Application() = default;

    /// Edge thread, must not block. `head` has everything but form, uploads and body. Only asked where a body
    /// comes.
    virtual BodyPlan plan(const Request& head) = 0;

    /// Worker pool, may block. Only for requests with a body whose plan says `ask`. Such a body may take as
    /// long as it likes while it goes on: its deadline counts from the last bytes.
    virtual BodyAdmission admit(Request& head) {
        (void)head;
        return {};
    }

    /// Edge thread, must not block: static files and cached pages. Without a value the request goes to
    /// handle().
    virtual std::optional<Response> answer_inline(const Request& request) = 0;

    /// Worker pool, may block. An exception becomes a generic 500 that carries the request id.
    /// What is returned after request.deadline is discarded: the client has had its 503.
    virtual Response handle(Request& request) = 0;

    /// Edge thread, must not block: the page for an answer that the edge itself decided (413, 415, 429, 500,
    /// 503). `head` is null when it is not known. Framing errors do not come here: they get a plain built-in
    /// text.
    virtual Response refuse(const Request* head, int status, std::string_view why) = 0;
};

}  // namespace kernel::http
