// Files as answers: names in headers, folders held by name, compressed forms.
#include <brotli/decode.h>
#include <zlib.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "kernel/http/compression.hpp"
#include "kernel/http/feed_for_tests.hpp"
#include "kernel/http/file_reply.hpp"
#include "kernel/http/sha256.hpp"
#include "kernel/http/static_files.hpp"

using namespace kernel::http;
using kernel::http::testing::Folder;

namespace {

Request a_request(std::vector<Field> fields = {}, std::string method = "GET") {
    Request request;
    request.method = std::move(method);
    request.fields = std::move(fields);
    return request;
}

void write(const std::filesystem::path& path, const std::string& content) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

std::string unpacked(const std::string& packed) {
    std::string out(1 << 20, '\0');
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    int result = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return result == Z_STREAM_END ? out : "broken";
}

std::string unpacked_brotli(const std::string& packed) {
    std::string out(1 << 20, '\0');
    std::size_t size = out.size();
    auto result = BrotliDecoderDecompress(packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()),
                                          &size, reinterpret_cast<std::uint8_t*>(out.data()));
    out.resize(size);
    return result == BROTLI_DECODER_RESULT_SUCCESS ? out : "broken";
}

std::string text_of(const Response& response) {
    if (auto* shared = std::get_if<SharedText>(&response.body)) return **shared;
    if (auto* own = std::get_if<std::string>(&response.body)) return *own;
    return "file";
}

}  // namespace

TEST_CASE("a download's name survives whatever it holds") {
    CHECK(content_disposition("acta.pdf", true) == "attachment; filename=\"acta.pdf\"");
    CHECK(content_disposition("acta.pdf", false) == "inline; filename=\"acta.pdf\"");
    // The euro sign of RFC 8187 section 3.2.3 and RFC 6266 section 5.
    CHECK(content_disposition("€ rates", true) ==
          "attachment; filename=\"_ rates\"; filename*=UTF-8''%E2%82%AC%20rates");
    CHECK(content_disposition("sesión.pdf", true) ==
          "attachment; filename=\"sesi_n.pdf\"; filename*=UTF-8''sesi%C3%B3n.pdf");
    CHECK(content_disposition("a\"b.pdf", true) ==
          "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf");
    CHECK(content_disposition("a\r\nSet-Cookie: x=y", true) == "attachment; filename=\"aSet-Cookie: x=y\"");
    CHECK(content_disposition("../../etc/passwd", true) == "attachment; filename=\"..-..-etc-passwd\"");
    CHECK(content_disposition("..", true) == "attachment; filename=\"documento\"");
    CHECK(content_disposition("100%.pdf", true) ==
          "attachment; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf");
    // RFC 8187 section 3.2.3, second example (there with lower-case hexadecimal digits).
    CHECK(content_disposition("£ and € rates", true) ==
          "attachment; filename=\"_ and _ rates\"; filename*=UTF-8''%C2%A3%20and%20%E2%82%AC%20rates");
    CHECK(content_disposition("factura\u202efdp.exe", true) == "attachment; filename=\"facturafdp.exe\"");
    CHECK(content_disposition("a\u2066b\u200f.pdf", true) == "attachment; filename=\"ab.pdf\"");
    CHECK(content_disposition(" . ", true) == "attachment; filename=\"documento\"");
    CHECK(content_disposition(std::string(300, 'x') + ".pdf", true) ==
          "attachment; filename=\"" + std::string(196, 'x') + ".pdf\"");
    CHECK(content_disposition("a;filename=b.exe", true) == "attachment; filename=\"a;filename=b.exe\"");
}

TEST_CASE("no name, whatever its bytes, gets out of its quotes") {
    std::minstd_rand random(17);
    for (int i = 0; i < 20'000; ++i) {
        std::string name;
        for (auto n = random() % 30; n > 0; --n) name += static_cast<char>(random());
        const auto value = content_disposition(name, true);
        INFO(value);
        const std::string_view begin = "attachment; filename=\"";
        REQUIRE(value.starts_with(begin));
        const auto close = value.find('"', begin.size());
        REQUIRE(close != value.npos);
        REQUIRE(close > begin.size());
        REQUIRE((close + 1 == value.size() || value.substr(close + 1).starts_with("; filename*=UTF-8''")));
        for (const char c : value) REQUIRE((c >= 0x20 && c < 0x7f));
        // RFC 8187: nothing but attr-char and percent-escapes.
        for (std::size_t at = close + 20; at < value.size(); ++at)
            REQUIRE((std::isalnum(static_cast<unsigned char>(value[at])) != 0 ||
                     std::string_view("!#$&+-.^_`|~%").find(value[at]) != std::string_view::npos));
    }
}

TEST_CASE("a file is answered whole, in part, or not at all") {
    Folder folder;
    auto path = folder.path() / "f.bin";
    write(path, "0123456789");
    FileReply file{path, "application/pdf", "tag", "f.pdf"};
    auto whole = file_reply(a_request(), file);
    CHECK(whole.status == 200);
    CHECK(std::get<FileBody>(whole.body).length == 10);
    CHECK(whole.field("etag") == "\"tag\"");
    auto part = file_reply(a_request({{"Range", "bytes=-3"}}), file);
    CHECK(part.status == 206);
    CHECK(std::get<FileBody>(part.body).offset == 7);
    CHECK(part.field("content-range") == "bytes 7-9/10");
    CHECK(file_reply(a_request({{"Range", "bytes=10-"}}), file).status == 416);
    CHECK(file_reply(a_request({{"If-None-Match", "\"tag\""}, {"Range", "bytes=0-1"}}), file).status == 304);
    CHECK(file_reply(a_request(), {folder.path() / "none", "a/b"}).status == 404);
    CHECK(file_reply(a_request(), {folder.path(), "a/b"}).status == 404);
}

TEST_CASE("a folder is held by name") {
    Folder folder;
    const std::string css(5000, 'a');
    write(folder.path() / "css/site.css", css);
    write(folder.path() / "logo.png", std::string(500, 'p'));
    write(folder.path() / "big.bin", std::string((1 << 20) + 1, 'b'));
    write(folder.path() / ".secret", "s");
    std::filesystem::create_symlink("/etc/hostname", folder.path() / "outside.txt");
    StaticFiles files(folder.path());

    auto plain = files.answer(a_request(), "css/site.css");
    REQUIRE(plain);
    CHECK(text_of(*plain) == css);
    CHECK(plain->field("content-type") == "text/css; charset=utf-8");
    CHECK(plain->field("cache-control") == "public, max-age=0, must-revalidate");
    CHECK(plain->field("vary") == "Accept-Encoding");

    auto name = files.hashed_name("css/site.css");
    REQUIRE(name);
    CHECK(*name == "css/site." + sha256_hex(css).substr(0, 12) + ".css");
    CHECK(files.answer(a_request(), *name)->field("cache-control") == "public, max-age=31536000, immutable");

    for (auto missing : {".secret", "outside.txt", "../css/site.css", "css", "", "css/site.000000000000.css"})
        CHECK_FALSE(files.answer(a_request(), missing));
    CHECK(text_of(*files.answer(a_request(), "big.bin")) == "file");
    CHECK(files.answer(a_request({}, "POST"), "logo.png")->status == 405);
    CHECK(files.answer(a_request({{"Range", "bytes=1-2"}, {"Accept-Encoding", "br"}}), *name)->status == 206);
}

TEST_CASE("texts are held compressed, each form with a tag of its own") {
    Folder folder;
    std::string text;
    for (int i = 0; i < 400; ++i) text += "línea " + std::to_string(i) + "\n";
    write(folder.path() / "t.txt", text);
    StaticFiles files(folder.path());
    auto get = [&](const char* accepted) {
        return *files.answer(a_request({{"Accept-Encoding", accepted}}), "t.txt");
    };
    auto gz = get("gzip, deflate"), br = get("gzip, deflate, br"), none = get("identity");
    CHECK(gz.field("content-encoding") == "gzip");
    CHECK(unpacked(text_of(gz)) == text);
    CHECK(br.field("content-encoding") == "br");
    CHECK(unpacked_brotli(text_of(br)) == text);
    CHECK(none.field("content-encoding").empty());
    CHECK(gz.field("etag") != none.field("etag"));
    CHECK(gz.field("etag") != br.field("etag"));
    auto again = a_request({{"Accept-Encoding", "br"}, {"If-None-Match", std::string(br.field("etag"))}});
    CHECK(files.answer(again, "t.txt")->status == 304);
}

TEST_CASE("Accept-Encoding: weights of zero forbid") {
    auto accepted = [](const char* value) {
        auto e = accepted_encodings(a_request({{"Accept-Encoding", value}}));
        return std::string(e.gzip ? "g" : "") + (e.brotli ? "b" : "");
    };
    CHECK(accepted("gzip, br") == "gb");
    CHECK(accepted("gzip;q=0, br;q=0.5") == "b");
    CHECK(accepted("*") == "gb");
    CHECK(accepted("*;q=0") == "");
    CHECK(accepted("GZIP;q=1.0, *;q=0") == "g");
    CHECK(accepted("br;q=0.000, *") == "g");
    CHECK(accepted("identity") == "");
}
