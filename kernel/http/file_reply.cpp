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
    return content_reply(request, file, static_cast<std::uint64_t>(info.st_size),
                         [&](std::uint64_t offset, std::uint64_t length) {
                             return FileBody{file.path, offset, length};
                         });
}

Response content_reply(const Request& request, const ContentReply& content, std::uint64_t size,
                       const std::function<Body(std::uint64_t offset, std::uint64_t length)>& body) {
    Response out(200, content.media_type, std::string());
    out.add("Accept-Ranges", "bytes");
    if (!content.etag.empty()) out.add("ETag", fmt::format("\"{}\"", content.etag));
    if (!content.download_name.empty())
        out.add("Content-Disposition", content_disposition(content.download_name, content.attachment));
    if (none_match_lists(request, content.etag)) {
        out.status = 304;
        return out;
    }
    const auto range = requested_range(request, size, content.etag);
    if (range.kind == ByteRange::Kind::unsatisfiable) {
        out.status = 416;
        out.set("Content-Range", fmt::format("bytes */{}", size));
        return out;
    }
    if (range.kind == ByteRange::Kind::part) {
        out.status = 206;
        out.set("Content-Range",
                fmt::format("bytes {}-{}/{}", range.offset, range.offset + range.length - 1, size));
    }
    out.body = body(range.offset, range.length);
    return out;
}

namespace {

/// U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: they would show "factura<RLO>fdp.exe" as
/// "facturaexe.pdf".
bool turns_text_around(std::string_view rest) {
    if (rest.size() < 3 || rest[0] != '\xe2') return false;
    const auto middle = static_cast<unsigned char>(rest[1]), last = static_cast<unsigned char>(rest[2]);
    return (middle == 0x80 && (last == 0x8e || last == 0x8f || (last >= 0xaa && last <= 0xae))) ||
           (middle == 0x81 && last >= 0xa6 && last <= 0xa9);
}

/// No file system takes more than 255 bytes; the extension stays.
std::string shortened(std::string name) {
    constexpr std::size_t most = 200, longest_extension = 12;
    if (name.size() <= most) return name;
    const auto dot = name.rfind('.');
    const auto extension =
        dot != name.npos && name.size() - dot <= longest_extension ? name.substr(dot) : std::string();
    auto end = most - extension.size();
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
        --end;  // not inside a character
    return name.substr(0, end) + extension;
}

}  // namespace

std::string content_disposition(std::string_view name, bool attachment) {
    std::string exact, plain;
    const std::string text = is_utf8(name) ? std::string(name) : repaired_utf8(name);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 32 || c == 127) continue;
        if (turns_text_around(std::string_view(text).substr(i)))
            i += 2;
        else
            exact += c == '/' || c == '\\' ? '-' : static_cast<char>(c);
    }
    exact = shortened(std::move(exact));
    if (exact.find_first_not_of(". ") == exact.npos) exact = "documento";
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
