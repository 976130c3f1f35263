// A folder of files that do not change while the process lives: styles, scripts, fonts, images.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/http/message.hpp"

namespace kernel::http {

/// Read whole when it is made; requests are answered from the names found then, so that no URL reaches
/// another file. Small files are held in memory, texts also as gzip and brotli; larger ones are sent from
/// disk.
class StaticFiles {
public:
    /// Hidden files are left out; symbolic links are followed only inside `folder`.
    /// Throws concejo::Error (invalid), in Spanish, when the folder cannot be read.
    explicit StaticFiles(const std::filesystem::path& folder);

    /// `name` relative to the folder ("css/site.css"), as it is or with its hash before the extension
    /// ("css/site.0123456789ab.css": cached for a year). Nothing when there is no such file.
    std::optional<Response> answer(const Request& request, std::string_view name) const;

    /// The name with the hash in it, for links in pages; nothing for an unknown file.
    std::optional<std::string> hashed_name(std::string_view name) const;

private:
    struct File {
        std::filesystem::path path;
        std::string media_type, etag, hash;
        SharedText plain, gzip, brotli;  ///< plain is null for files sent from disk
    };
    void add(const std::filesystem::path& path, const std::string& name);

    std::map<std::string, File, std::less<>> files_;
    std::map<std::string, std::string, std::less<>> hashed_;  ///< hashed name → name
};

}  // namespace kernel::http
