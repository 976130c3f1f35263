// The words of tus 1.0.0 (https://tus.io/protocols/resumable-upload): what a request says, and how answers
// begin.
#pragma once

#include "kernel/blobs/uploads.hpp"
#include "kernel/http/message.hpp"

#include <optional>

namespace kernel::web::tus {

inline constexpr std::string_view version = "1.0.0";
inline constexpr std::string_view extensions =
    "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination";
inline constexpr std::string_view chunk_type = "application/offset+octet-stream";
inline constexpr int checksum_mismatch = 460;

/// An answer that says which version speaks; never to be kept.
http::Response answer(int status);
/// The same with a text for whoever reads it.
http::Response refusal(int status, std::string_view why);
/// With Upload-Offset and Upload-Expires.
http::Response progress(int status, const blobs::Upload& upload);

/// POST with X-HTTP-Method-Override is that method.
std::string method_of(const http::Request& request);
/// 412 for a client of another version; nothing otherwise.
std::optional<http::Response> wrong_version(const http::Request& request);

/// Digits, as Upload-Offset and Upload-Length have them; nothing for anything else, or past 2^63.
std::optional<std::uint64_t> number(std::string_view text);
/// Pairs of a key and Base64, each key once, at most 4 KiB; or empty.
bool is_metadata(std::string_view text);
/// "Wed, 25 Jun 2014 16:00:00 GMT" (RFC 9110).
std::string http_date(std::int64_t unix_seconds);

}  // namespace kernel::web::tus
