// Wherever the network cuts a message, it is understood, or refused, in the same way.
#include <catch2/catch.hpp>

#include "kernel/http/feed_for_tests.hpp"

using namespace kernel::http;
using kernel::http::testing::Folder;
using kernel::http::testing::read_cut;

namespace {

std::string multipart_in_chunks() {
    const std::string body =
        "--XX\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n--X \r\n-\r\n--X\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.pdf\"\r\nContent-Type: "
        "application/pdf\r\n\r\n"
        "%PDF-1.4\r\n--XY\r\n%%EOF\n\r\r\n--XX--\r\n";
    std::string out =
        "POST /u HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=XX\r\nTransfer-Encoding: "
        "chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 50) {
        auto piece = body.substr(at, 50);
        out += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    }
    return out + "0\r\nX: y\r\n\r\n";
}

const std::string messages[] = {
    "GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /n HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\nContent-Type: "
    "application/x-www-form-urlencoded\r\n\r\na=1&b=2",
    "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    "chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n3\r\n\r\n\r\r\n0\r\nT: v\r\n\r\nGET",
    "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n",
    "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX: y\n\r\n",
    "BREW / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\nabc",
};

}  // namespace

TEST_CASE("every cut position gives the result of one feed") {
    Limits limits;
    for (const auto& message : messages) {
        const auto whole = read_cut(limits, {}, {message});
        for (std::size_t cut = 0; cut <= message.size(); ++cut) {
            std::string_view view = message;
            auto seen = read_cut(limits, {}, {view.substr(0, cut), view.substr(cut)});
            INFO("cut at " << cut << " of " << message);
            REQUIRE(seen == whole);
        }
        std::vector<std::string_view> bytes;
        for (std::size_t i = 0; i < message.size(); ++i)
            bytes.push_back(std::string_view(message).substr(i, 1));
        REQUIRE(read_cut(limits, {}, bytes) == whole);
    }
}

TEST_CASE("every pair of cuts of a chunked body gives the result of one feed") {
    Limits limits;
    std::string_view message = messages[4];
    const auto whole = read_cut(limits, {}, {message});
    REQUIRE(whole.find("body=hello\r\n\r") != whole.npos);
    for (std::size_t a = 0; a <= message.size(); ++a)
        for (std::size_t b = a; b <= message.size(); ++b)
            REQUIRE(read_cut(limits, {},
                             {message.substr(0, a), message.substr(a, b - a), message.substr(b)}) == whole);
}

TEST_CASE("every cut of a chunked multipart body gives the same fields and files") {
    Limits limits;
    Folder folder;
    BodyPlan plan{1 << 20, true, folder.path()};
    const auto message = multipart_in_chunks();
    const auto whole = read_cut(limits, plan, {message});
    REQUIRE(whole.find("form t=--X \r\n-\r\n--X") != whole.npos);
    REQUIRE(whole.find("file f a.pdf application/pdf 23 ") != whole.npos);
    for (std::size_t cut = 0; cut <= message.size(); ++cut)
        REQUIRE(read_cut(limits, plan,
                         {std::string_view(message).substr(0, cut), std::string_view(message).substr(cut)}) ==
                whole);
    CHECK(folder.files() == 0);
}
