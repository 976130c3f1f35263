#include "kernel/http/file_reply.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "kernel/http/range.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {

Response file_reply(const Request& request, const FileReply& file) {
    struct stat info {};
    if (::stat(file.path.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
        return {404, "text/plain; charset=utf-8", std::string("Not Found\n")};
    const auto size = static_cast<std::uint64_t>(info.st_size);
    Response out(200, file.media_type, FileBody{file.path, 0, size});
    out.add("Accept-Ranges", "bytes");
    if (!file.etag.empty()) out.add("ETag", fmt::format("\"{}\"", file.etag));
    if (!file.download_name.empty())
        out.add("Content-Disposition", content_disposition(file.download_name, file.attachment));
    if (none_match_lists(request, file.etag)) {
        out.status = 304;
        out.body = std::string();
        return out;
    }
    auto range = requested_range(request, size, file.etag);
    if (range.kind == ByteRange::Kind::unsatisfiable) {
        out.status = 416;
        out.set("Content-Range", fmt::format("bytes */{}", size));
        out.body = std::string();
    } else if (range.kind == ByteRange::Kind::part) {
        out.status = 206;
        out.set("Content-Range",
                fmt::format("bytes {}-{}/{}", range.offset, range.offset + range.length - 1, size));
        out.body = FileBody{file.path, range.offset, range.length};
    }
    return out;
}

std::string content_disposition(std::string_view name, bool attachment) {
    std::string exact, plain;
    for (unsigned char c : is_utf8(name) ? std::string(name) : repaired_utf8(name)) {
        if (c < 32 || c == 127) continue;
        exact += c == '/' || c == '\\' ? '-' : static_cast<char>(c);
    }
    if (exact.find_first_not_of('.') == exact.npos) exact = "documento";
    for (unsigned char c : exact) {
        // '%' too: some clients decode it inside the plain form.
        if (c >= 0x80 && (c & 0xC0) == 0x80) continue;
        plain += c >= 0x80 || c == '"' || c == '%' ? '_' : static_cast<char>(c);
    }
    std::string out = fmt::format("{}; filename=\"{}\"", attachment ? "attachment" : "inline", plain);
    if (plain != exact) out += "; filename*=UTF-8''" + percent_encoded(exact, "!#$&+^`|");
    return out;
}

std::string_view media_type_of(std::string_view file_name) noexcept {
    struct Known {
        std::string_view extension, type;
    };
    static constexpr Known known[] = {
        {"html", "text/html; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"json", "application/json"},
        {"geojson", "application/geo+json"},
        {"jsonld", "application/ld+json"},
        {"webmanifest", "application/manifest+json"},
        {"xml", "application/xml"},
        {"atom", "application/atom+xml"},
        {"rdf", "application/rdf+xml"},
        {"ttl", "text/turtle; charset=utf-8"},
        {"svg", "image/svg+xml"},
        {"txt", "text/plain; charset=utf-8"},
        {"csv", "text/csv; charset=utf-8"},
        {"vtt", "text/vtt; charset=utf-8"},
        {"ics", "text/calendar; charset=utf-8"},
        {"png", "image/png"},
        {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},
        {"gif", "image/gif"},
        {"webp", "image/webp"},
        {"avif", "image/avif"},
        {"ico", "image/x-icon"},
        {"woff2", "font/woff2"},
        {"woff", "font/woff"},
        {"pdf", "application/pdf"},
        {"zip", "application/zip"},
        {"mp4", "video/mp4"},
        {"webm", "video/webm"},
        {"mp3", "audio/mpeg"},
        {"m4a", "audio/mp4"},
        {"m3u8", "application/vnd.apple.mpegurl"},
        {"ts", "video/mp2t"},
        {"odt", "application/vnd.oasis.opendocument.text"},
        {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
        {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}};
    auto dot = file_name.rfind('.');
    if (dot != file_name.npos)
        for (const auto& entry : known)
            if (same_name(entry.extension, file_name.substr(dot + 1))) return entry.type;
    return "application/octet-stream";
}

bool is_compressible(std::string_view type) noexcept {
    type = trimmed(type.substr(0, type.find(';')));
    return type.starts_with("text/") || type.ends_with("json") || type.ends_with("xml") ||
           type == "application/javascript";
}

}  // namespace kernel::http
