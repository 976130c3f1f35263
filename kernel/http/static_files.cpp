#include "kernel/http/static_files.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "concejo/error.hpp"
#include "kernel/http/compression.hpp"
#include "kernel/http/file_reply.hpp"
#include "kernel/http/range.hpp"
#include "kernel/http/sha256.hpp"

namespace kernel::http {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t held_in_memory = 1 << 20;
constexpr std::size_t worth_compressing = 256;
constexpr std::size_t hash_digits = 12;

std::string with_hash(const std::string& name, const std::string& hash) {
    auto dot = name.rfind('.');
    auto slash = name.rfind('/');
    if (dot == name.npos || (slash != name.npos && dot < slash)) return name + "." + hash;
    return name.substr(0, dot) + "." + hash + name.substr(dot);
}

std::string hash_of(const fs::path& path) {
    Sha256 sha;
    std::ifstream in(path, std::ios::binary);
    std::string piece(64 * 1024, '\0');
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
        sha.update({piece.data(), static_cast<std::size_t>(in.gcount())});
    return sha.hex();
}

bool is_inside(const fs::path& path, const fs::path& folder) {
    auto relative = path.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

StaticFiles::StaticFiles(const fs::path& folder) {
    std::error_code error;
    auto root = fs::canonical(folder, error);
    fs::recursive_directory_iterator walk(root, error), end;
    if (error)
        throw concejo::Error(concejo::ErrorKind::invalid, fmt::format("no se puede leer la carpeta {}: {}",
                                                                      folder.string(), error.message()));
    for (; walk != end; ++walk) {
        if (walk->path().filename().string().starts_with(".")) {
            if (walk->is_directory()) walk.disable_recursion_pending();
            continue;
        }
        auto real = fs::canonical(walk->path(), error);
        if (error || !fs::is_regular_file(real) || !is_inside(real, root)) continue;
        add(real, walk->path().lexically_relative(root).generic_string());
    }
}

void StaticFiles::add(const fs::path& path, const std::string& name) {
    File file;
    file.path = path;
    file.media_type = media_type_of(name);
    if (fs::file_size(path) <= held_in_memory) {
        std::ifstream in(path, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        file.hash = sha256_hex(bytes);
        if (is_compressible(file.media_type) && bytes.size() >= worth_compressing) {
            auto gz = gzip(bytes, 9), br = brotli(bytes, 11);
            if (gz.size() < bytes.size()) file.gzip = std::make_shared<const std::string>(std::move(gz));
            if (br.size() < bytes.size()) file.brotli = std::make_shared<const std::string>(std::move(br));
        }
        file.plain = std::make_shared<const std::string>(std::move(bytes));
    } else {
        file.hash = hash_of(path);
    }
    file.etag = file.hash.substr(0, 32);
    file.hash.resize(hash_digits);
    hashed_[with_hash(name, file.hash)] = name;
    files_.emplace(name, std::move(file));
}

std::optional<std::string> StaticFiles::hashed_name(std::string_view name) const {
    auto found = files_.find(name);
    if (found == files_.end()) return std::nullopt;
    return with_hash(found->first, found->second.hash);
}

std::optional<Response> StaticFiles::answer(const Request& request, std::string_view name) const {
    auto found = files_.find(name);
    bool hashed = false;
    if (found == files_.end()) {
        auto alias = hashed_.find(name);
        if (alias == hashed_.end()) return std::nullopt;
        found = files_.find(alias->second);
        hashed = true;
    }
    if (request.method != "GET" && request.method != "HEAD") {
        Response refused(405, "text/plain; charset=utf-8", std::string("Method Not Allowed\n"));
        return std::move(refused.set("Allow", "GET, HEAD"));
    }
    const auto& file = found->second;
    std::optional<Response> out;
    if (!file.plain) {
        out = file_reply(request, {file.path, file.media_type, file.etag, {}, false});
    } else {
        // A range is of the bytes as they are: parts of a compressed form help nobody.
        auto takes = request.has_field("range") ? Encodings{} : accepted_encodings(request);
        const auto& body = takes.brotli && file.brotli ? file.brotli
                           : takes.gzip && file.gzip   ? file.gzip
                                                       : file.plain;
        Response response(200, file.media_type, body);
        auto etag = file.etag;
        if (body == file.brotli || body == file.gzip) {
            // Each coding is a representation with a tag of its own (RFC 9110 section 8.8.3.3).
            response.add("Content-Encoding", body == file.brotli ? "br" : "gzip");
            etag += body == file.brotli ? "-br" : "-gz";
        }
        response.add("Accept-Ranges", "bytes");
        out = conditional(request, std::move(response), etag);
    }
    if (file.gzip || file.brotli) out->set("Vary", "Accept-Encoding");
    out->set("Cache-Control",
             hashed ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate");
    out->set("X-Content-Type-Options", "nosniff");
    return out;
}

}  // namespace kernel::http
