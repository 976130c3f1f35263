#include "kernel/http/compression.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include "concejo/error.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {
namespace {

constexpr int gzip_window = 15 + 16;  // 16: a gzip header, not zlib's

[[noreturn]] void failed(const char* what) { throw concejo::Error(concejo::ErrorKind::internal, what); }

/// True for "q=0", "q=0.0" …
bool is_refused(std::string_view parameters) {
    auto at = parameters.find("q=");
    if (at == parameters.npos) return false;
    auto weight = trimmed(parameters.substr(at + 2));
    weight = weight.substr(0, weight.find_first_of("; \t"));
    return !weight.empty() && weight.find_first_not_of("0.") == weight.npos;
}

}  // namespace

std::string gzip(std::string_view bytes, int level) {
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) failed("zlib");
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    int result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) failed("zlib");
    return out;
}

std::string brotli(std::string_view bytes, int quality) {
    std::string out(BrotliEncoderMaxCompressedSize(bytes.size()) + 16, '\0');
    std::size_t size = out.size();
    if (!BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(),
                               reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                               reinterpret_cast<std::uint8_t*>(out.data())))
        failed("brotli");
    out.resize(size);
    return out;
}

Encodings accepted_encodings(const Request& request) {
    Encodings out;
    bool gzip_named = false, brotli_named = false, others = false;
    for (const auto& field : request.fields) {
        if (!same_name(field.name, "accept-encoding")) continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            auto comma = rest.find(',');
            auto item = trimmed(rest.substr(0, comma));
            rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
            auto semicolon = item.find(';');
            auto name = trimmed(item.substr(0, semicolon));
            bool allowed = semicolon == item.npos || !is_refused(item.substr(semicolon));
            if (same_name(name, "gzip")) {
                gzip_named = true;
                out.gzip = allowed;
            } else if (same_name(name, "br")) {
                brotli_named = true;
                out.brotli = allowed;
            } else if (name == "*") {
                others = allowed;
            }
        }
    }
    if (!gzip_named) out.gzip = others;
    if (!brotli_named) out.brotli = others;
    return out;
}

}  // namespace kernel::http
