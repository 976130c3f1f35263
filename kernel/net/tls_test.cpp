#include "kernel/net/client_fixture.hpp"
#include "kernel/net/http_exchange.hpp"

#include <boost/asio/error.hpp>
#include <catch2/catch.hpp>

#include <random>

using namespace kernel::net;
using namespace std::chrono_literals;
using Catch::Contains;
using concejo::Error;

namespace {

struct Secure : Bench {
    explicit Secure(const std::string& certificate)
        : tls("servers.py", {"http", testing::certificates().file(certificate + ".pem"),
                             testing::certificates().file(certificate + ".key")}) {}
    testing::OtherSide tls;

    HttpAnswer ask(const std::string& host, const std::string& path = "/echo") {
        const auto port = std::to_string(tls.port());
        const Egress allowed({host + ":" + port, "servidor.test:" + std::to_string(server.port())},
                             {"127.0.0.1"});
        HttpRequest request;
        request.url = "https://" + host + ":" + port + path;
        request.total = 5s;
        request.retries = 0;
        return client.send(request, {"t1", allowed, ""});
    }
};

}  // namespace

TEST_CASE("a good certificate is believed for its names, and the name is told to the server") {
    Secure good("good");
    const auto told = concejo::Json::parse(good.ask("servidor.test").body);
    CHECK(told.at("sni").as_string() == "servidor.test");
    CHECK(good.ask("a.comodin.test").status == 200);
    CHECK(concejo::Json::parse(good.ask("127.0.0.1").body).at("sni").is_null());
    for (const char* host : {"otro.test", "comodin.test", "a.b.comodin.test", "127.0.0.2"}) {
        INFO(host);
        good.names[host] = "127.0.0.1";
        CHECK_THROWS_WITH(good.ask(host), Contains("certificado") || Contains("no se pide"));
    }
}

TEST_CASE("certificates of others, expired, self-signed or of an unknown authority are refused") {
    for (const char* bad : {"wrong", "expired", "self"}) {
        INFO(bad);
        Secure server(bad);
        try {
            server.ask("servidor.test");
            FAIL("believed");
        } catch (const Error& error) {
            CHECK(error.kind() == concejo::ErrorKind::forbidden);
            CHECK_THAT(error.what(), Contains("el certificado de servidor.test no vale"));
        }
    }
    Secure good("good");
    auto options = good.options();
    options.authorities.clear();
    const HttpClient stranger(options);
    const auto port = std::to_string(good.tls.port());
    HttpRequest request;
    request.url = "https://servidor.test:" + port + "/echo";
    const Egress allowed({"servidor.test:" + port}, {"127.0.0.1"});
    CHECK_THROWS_WITH(stranger.send(request, {"t1", allowed, ""}), Contains("no vale"));
    options.authorities = good.folder.path() / "none.pem";
    CHECK_THROWS_AS(HttpClient(options), Error);
}

TEST_CASE("https never leads to http, and what does not speak TLS is no server") {
    Secure good("good");
    CHECK_THROWS_WITH(good.ask("servidor.test", "/to?url=" + good.at("/echo")), Contains("sin cifrar"));
    HttpRequest request;
    request.url = "https://servidor.test:" + std::to_string(good.server.port()) + "/echo";
    request.total = 3s;
    CHECK_THROWS_WITH(good.send(request), Contains("no se puede cifrar"));
}

TEST_CASE("TLS 1.1 is not spoken") {
    testing::OtherSide old(
        "old_tls.py", {testing::certificates().file("good.pem"), testing::certificates().file("good.key")});
    Bench bench;
    const auto port = std::to_string(old.port());
    HttpRequest request;
    request.url = "https://servidor.test:" + port + "/";
    request.total = 3s;
    request.retries = 0;
    // Another client, told to, does speak it there.
    CHECK_THAT(testing::output_of("(openssl s_client -connect 127.0.0.1:" + port +
                                  " -tls1_1 -cipher ALL:@SECLEVEL=0 -ign_eof; true)"),
               Contains("TLSv1.1") && Contains("old"));
    const Egress allowed({"servidor.test:" + port}, {"127.0.0.1"});
    CHECK_THROWS_WITH(bench.client.send(request, {"t1", allowed, ""}), Contains("no se puede cifrar"));
}

namespace {

class Text : public ByteSource {
public:
    Text(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}
    std::size_t read_some(char* into, std::size_t size, error_code& error) override {
        const auto count = std::min({size, piece_, text_.size()});
        error = count ? error_code() : error_code(boost::asio::error::eof);
        text_.copy(into, count);
        text_.remove_prefix(count);
        return count;
    }

private:
    std::string_view text_;
    std::size_t piece_;
};

std::string read(std::string_view text, std::size_t piece) {
    Text source(text, piece);
    AnswerReader reader(source, false);
    auto said = std::to_string(reader.head().status) + " ";
    reader.body(1 << 20, [&](std::string_view part) { said += part; });
    return said;
}

}  // namespace

TEST_CASE("answers are the same however they are cut, and broken ones end in an error") {
    const std::string answers[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhola",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nho\r\n2;x=y\r\nla\r\n0\r\nT: u\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nhola",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhola"};
    for (const auto& answer : answers) {
        INFO(answer);
        for (std::size_t piece = 1; piece <= answer.size(); ++piece) CHECK(read(answer, piece) == "200 hola");
        if (answer.find("1.0") == answer.npos)
            for (std::size_t end = 0; end < answer.size(); ++end)
                CHECK_THROWS_AS(read(std::string_view(answer).substr(0, end), 7), Error);
    }
    for (const char* bad :
         {"", "hola", "HTTP/1.1 999999 X\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 4\r\n\r\nhola",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nhola",
          "HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        INFO(bad);
        CHECK_THROWS_AS(read(bad, 5), Error);
    }
    CHECK_THROWS_AS(read("HTTP/1.1 200 OK\r\nX: " + std::string(100 << 10, 'x') + "\r\n\r\n", 4096), Error);
    std::string hints;
    for (int i = 0; i < 100; ++i) hints += "HTTP/1.1 103 Early\r\n\r\n";
    CHECK_THROWS_AS(read(hints, 4096), Error);
}

TEST_CASE("no bytes make the reader do anything but answer or refuse") {
    std::mt19937 chance(3);
    const std::string seed =
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nETag: "
        "\"a\"\r\n\r\n2\r\nho\r\n2\r\nla\r\n0\r\n\r\n";
    int read_whole = 0;
    for (int i = 0; i < 30000; ++i) {
        auto text = seed;
        if (i % 3 == 0) text.erase(text.find("Content"), 19);
        for (auto n = chance() % 4; n > 0; --n) {
            const auto at = chance() % text.size();
            if (chance() % 3 == 0)
                text.erase(at, chance() % 9);
            else if (chance() % 2)
                text[at] = static_cast<char>(chance());
            else
                text.insert(at, text.substr(chance() % text.size(), chance() % 12));
            if (text.empty()) text = "H";
        }
        try {
            read(text, 1 + chance() % 40);
            ++read_whole;
        } catch (const Error&) {
        }
    }
    CHECK(read_whole > 100);
}
