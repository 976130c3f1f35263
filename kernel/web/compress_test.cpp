#include "kernel/web/compress.hpp"

#include <catch2/catch.hpp>

#include <zlib.h>

using namespace kernel;

namespace {

http::Request from_client(const char* takes) {
    http::Request request;
    request.method = "GET";
    if (takes) request.fields = {{"Accept-Encoding", takes}};
    return request;
}

http::Response page(std::size_t rows) {
    std::string text;
    for (std::size_t i = 0; i < rows; ++i) text += "<tr><td>Anuncio " + std::to_string(i) + "</td></tr>\n";
    return {200, "text/html; charset=utf-8", text};
}

const std::string& body(const http::Response& response) { return std::get<std::string>(response.body); }

/// zlib's own reading of a gzip stream.
std::string unzipped(const std::string& bytes) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string out(1 << 20, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

}  // namespace

TEST_CASE("a page made for one reader goes out in the coding that the client takes") {
    const auto plain = page(300);
    auto gz = page(300), br = page(300), none = page(300);
    web::compress(from_client("gzip"), gz);
    CHECK(gz.field("Content-Encoding") == "gzip");
    CHECK(unzipped(body(gz)) == body(plain));
    web::compress(from_client("gzip, br"), br);
    CHECK(br.field("Content-Encoding") == "br");
    CHECK(body(br).size() < body(plain).size() / 4);
    for (const char* takes : {static_cast<const char*>(nullptr), "identity", "gzip;q=0, br;q=0"}) {
        none = page(300);
        web::compress(from_client(takes), none);
        CHECK(none.field("Content-Encoding").empty());
        CHECK(body(none) == body(plain));
        CHECK(none.field("Vary") == "Accept-Encoding");  // a cache must not give it to another who takes gzip
    }
}

TEST_CASE("what varies already goes on varying") {
    auto response = page(300);
    response.set("Vary", "Accept-Language, Cookie");
    web::compress(from_client("br"), response);
    CHECK(response.field("Vary") == "Accept-Encoding, Accept-Language, Cookie");
}

TEST_CASE(
    "small, coded, tagged, partial and untransformable answers, and what is no text, stay as they are") {
    std::vector<http::Response> all{page(10),  page(300), page(300), page(300),
                                    page(300), page(300), page(300)};
    all[1].set("Content-Encoding", "gzip");
    all[2].set("ETag", "\"a\"");
    all[3].status = 206;
    all[4].set("Cache-Control", "no-cache, no-transform");
    all[5].set("Content-Type", "application/pdf");
    all[6].body = std::make_shared<const std::string>(body(page(300)));
    for (auto response : all) {
        const auto before = response;
        web::compress(from_client("gzip, br"), response);
        CHECK(response.body.index() == before.body.index());
        if (before.body.index() == 0) CHECK(body(response) == body(before));
        CHECK(response.field("Content-Encoding") == before.field("Content-Encoding"));
    }
}
