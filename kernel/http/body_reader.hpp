// From the bytes of a connection to the parts of a Request: length or chunks, memory, form, or files.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "kernel/http/application.hpp"
#include "kernel/http/chunked.hpp"
#include "kernel/http/head.hpp"
#include "kernel/http/multipart.hpp"
#include "kernel/http/spool_file.hpp"

namespace kernel::http {

/// Fed with whatever comes; fills the head's request. Throws Refusal (400, 413, 415, 431, 507).
class BodyReader {
public:
    /// Refuses at once a told length above the plan's limit.
    BodyReader(Head& head, BodyPlan plan, const Limits& limits);

    /// Takes what belongs to this body; returns how much. The rest is the next request.
    std::size_t feed(std::string_view input);
    bool done() const noexcept { return done_; }
    std::uint64_t received() const noexcept { return received_; }

private:
    void store(std::string_view bytes);
    void finish();

    Head& head_;
    BodyPlan plan_;
    const Limits& limits_;
    std::optional<ChunkedDecoder> chunks_;
    std::unique_ptr<MultipartParser> multipart_;
    std::unique_ptr<SpoolFile> file_;
    std::uint64_t received_ = 0;
    bool urlencoded_ = false, done_ = false;
};

}  // namespace kernel::http
