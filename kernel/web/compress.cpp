#include "kernel/web/compress.hpp"

#include "kernel/http/compression.hpp"
#include "kernel/http/file_reply.hpp"

namespace kernel::web {
namespace {

constexpr std::size_t worth_compressing = 2'048;   // below, one or two packets carry it as it is
constexpr int brotli_quality = 1, gzip_level = 1;  // the fast ones: each answer is compressed for one reader

bool may_be_compressed(const http::Response& response) {
    const auto* text = std::get_if<std::string>(&response.body);
    if (!text || text->size() < worth_compressing || response.status == 206) return false;
    // A strong tag is of the bytes as they were tagged.
    for (const auto* chosen : {"content-encoding", "content-range", "etag"})
        if (!response.field(chosen).empty()) return false;
    return http::is_compressible(response.field("content-type")) &&
           response.field("cache-control").find("no-transform") == std::string_view::npos;
}

void vary_by_coding(http::Response& response) {
    const std::string vary(response.field("vary"));
    if (vary.find("Accept-Encoding") == vary.npos)
        response.set("Vary", vary.empty() ? "Accept-Encoding" : "Accept-Encoding, " + vary);
}

}  // namespace

void compress(const http::Request& request, http::Response& response) {
    if (!may_be_compressed(response)) return;
    vary_by_coding(response);
    const auto takes = http::accepted_encodings(request);
    if (!takes.brotli && !takes.gzip) return;
    const auto& text = std::get<std::string>(response.body);
    auto small = takes.brotli ? http::brotli(text, brotli_quality) : http::gzip(text, gzip_level);
    if (small.size() >= text.size()) return;
    response.body = std::move(small);
    response.set("Content-Encoding", takes.brotli ? "br" : "gzip");
}

}  // namespace kernel::web
