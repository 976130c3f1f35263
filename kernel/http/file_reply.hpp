// Files as answers: ranges, conditions, and names that are safe in a header.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "kernel/http/message.hpp"

namespace kernel::http {

struct ContentReply {
    std::string media_type;
    std::string etag{};  ///< without quotes, of the content (its sha-256); empty: no conditions, no If-Range
    std::string download_name{};  ///< any text; empty: shown in place, without Content-Disposition
    bool attachment = true;       ///< false: shown in place, under that name
};

struct FileReply : ContentReply {
    std::filesystem::path path;
    FileReply(std::filesystem::path file, std::string type, std::string tag = {}, std::string name = {},
              bool as_attachment = true)
        : ContentReply{std::move(type), std::move(tag), std::move(name), as_attachment},
          path(std::move(file)) {}
};

/// 200, 206, 304 or 416; 404 when it is not a readable regular file. One stat, no reading: fit for the edge.
Response file_reply(const Request& request, const FileReply& file);

/// The same for a content of `size` bytes that stands elsewhere: `body` makes the part that is asked for.
Response content_reply(const Request& request, const ContentReply& content, std::uint64_t size,
                       const std::function<Body(std::uint64_t offset, std::uint64_t length)>& body);

/// RFC 6266: an ASCII form for every client and, where it differs, the exact name by RFC 8187.
/// Folders, control characters and line breaks do not survive.
std::string content_disposition(std::string_view name, bool attachment);

/// The media type of a file name's extension; "application/octet-stream" when unknown.
std::string_view media_type_of(std::string_view file_name) noexcept;

/// True for types that compress: text, JSON, XML, SVG, JavaScript.
bool is_compressible(std::string_view media_type) noexcept;

}  // namespace kernel::http
