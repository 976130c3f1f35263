#include "kernel/blobs/store.hpp"

#include <array>

namespace kernel::blobs {
namespace {

struct Mark {
    std::string_view bytes;
    std::string_view media_type;
};
constexpr std::array<Mark, 6> marks{{
    {"\x89PNG\r\n\x1a\n", "image/png"},
    {"\xff\xd8\xff", "image/jpeg"},
    {"GIF8", "image/gif"},
    {std::string_view("PK\x03\x04", 4), "application/zip"},
    {"<?xml", "application/xml"},
    {std::string_view("\x1a\x45\xdf\xa3", 4), "video/webm"},
}};

/// Formats that are ZIP or XML inside say so themselves; the content then only has to be such a container.
bool refines(std::string_view container, std::string_view declared) {
    if (container == "application/zip")
        return declared.find("opendocument") != std::string_view::npos ||
               declared.find("openxmlformats") != std::string_view::npos ||
               declared == "application/epub+zip";
    return container == "application/xml" &&
           (declared == "text/xml" || declared == "image/svg+xml" ||
            (declared.size() > 4 && declared.substr(declared.size() - 4) == "+xml"));
}

}  // namespace

std::string sniff_media_type(std::string_view beginning, std::string_view declared) {
    if (beginning.substr(0, 1024).find("%PDF-") != std::string_view::npos) return "application/pdf";
    for (const auto& mark : marks) {
        if (beginning.substr(0, mark.bytes.size()) != mark.bytes) continue;
        return std::string(refines(mark.media_type, declared) ? declared : mark.media_type);
    }
    if (beginning.size() >= 12 && beginning.substr(0, 4) == "RIFF" && beginning.substr(8, 4) == "WEBP")
        return "image/webp";
    if (beginning.size() >= 12 && beginning.substr(4, 4) == "ftyp")
        return declared.substr(0, 6) == "audio/" ? std::string(declared) : "video/mp4";
    // What has a mark of its own and lacks it is not what it says.
    for (const auto* marked :
         {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "application/zip"}) {
        if (declared == marked) return "application/octet-stream";
    }
    return declared.empty() ? "application/octet-stream" : std::string(declared);
}

}  // namespace kernel::blobs
