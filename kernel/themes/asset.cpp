#include "kernel/themes/asset.hpp"

#include <concejo/error.hpp>

#include <openssl/sha.h>
#include <zlib.h>

namespace kernel::themes {

namespace {

std::string hex_sha256(std::string_view bytes) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const unsigned char byte : digest) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw concejo::Error(concejo::ErrorKind::internal, "zlib: no se pudo empezar a comprimir");
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END)
        throw concejo::Error(concejo::ErrorKind::internal, "zlib: no se pudo comprimir");
    return out;
}

std::string media_type(std::string_view extension) {
    if (extension == "css") return "text/css; charset=utf-8";
    if (extension == "js") return "text/javascript; charset=utf-8";
    if (extension == "svg") return "image/svg+xml";
    if (extension == "woff2") return "font/woff2";
    return "application/octet-stream";
}

}  // namespace

Asset make_asset(std::string_view prefix, std::string_view stem, std::string_view extension,
                 std::string bytes) {
    Asset asset;
    const std::string hash = hex_sha256(bytes);
    asset.name = std::string(stem) + '-' + hash.substr(0, 10) + '.' + std::string(extension);
    asset.type = media_type(extension);
    asset.etag = '"' + hash.substr(0, 32) + '"';
    asset.url = std::string(prefix) + asset.name;
    if (extension != "woff2") asset.gzip = gzip(bytes);
    if (asset.gzip.size() >= bytes.size()) asset.gzip.clear();
    asset.bytes = std::move(bytes);
    return asset;
}

}  // namespace kernel::themes
