// multipart/form-data (RFC 7578) read as a stream: texts become fields, files go to disk as they come.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/http/limits.hpp"
#include "kernel/http/message.hpp"
#include "kernel/http/spool_file.hpp"

namespace kernel::http {

/// One parameter of a header value such as `form-data; name="a"`; quoted or a token.
std::optional<std::string> header_parameter(std::string_view value, std::string_view name);

class MultipartParser {
public:
    /// Without a folder, a part that carries a file is refused with 415.
    MultipartParser(std::string boundary, std::filesystem::path folder, const Limits& limits, Request& into);

    void feed(std::string_view bytes);  ///< throws Refusal (400, 413, 415, 507)
    void finish();                      ///< throws Refusal 400 when the closing delimiter did not come

private:
    enum class State { preamble, data, after_delimiter, head, epilogue };
    bool step();
    bool step_data();
    bool step_after_delimiter();
    bool step_head();
    void begin_part(std::string_view head);
    void part_bytes(std::string_view bytes);
    void end_part();

    std::string delimiter_;
    std::filesystem::path folder_;
    const Limits& limits_;
    Request& request_;
    State state_ = State::preamble;
    std::string buffer_{"\r\n"};  // so that a delimiter at the very beginning looks like the others
    std::size_t parts_ = 0, text_total_ = 0;

    bool is_file_ = false;
    Field text_;
    Upload upload_;
    std::unique_ptr<SpoolFile> file_;
};

}  // namespace kernel::http
