// The parser's table: what a head means, or why it is refused. Sections are of RFC 9112 unless named.
#include "kernel/http/head.hpp"

#include <catch2/catch.hpp>

#include "kernel/http/feed_for_tests.hpp"

using namespace kernel::http;

namespace {

int status_of(const std::string& bytes) {
    Limits limits;
    HeadScanner scanner(limits);
    try {
        if (!scanner.scan(bytes)) return 0;
        parse_head(std::string_view(bytes).substr(scanner.begin(), scanner.end() - scanner.begin()), limits);
        return 200;
    } catch (const Refusal& refusal) {
        return refusal.status();
    }
}

Head head_of(const std::string& bytes) { return parse_head(bytes, Limits{}); }

std::string get(const std::string& target, const std::string& fields = "Host: a\r\n") {
    return "GET " + target + " HTTP/1.1\r\n" + fields + "\r\n";
}

}  // namespace

TEST_CASE("a head is read into a request") {
    auto head = head_of(
        "GET /tabl%C3%B3n?p=2&q=a+b%26c HTTP/1.1\r\nHost: Sede.Ejemplo.ES:8080\r\nAccept-Language:  ca, "
        "es;q=0.8 \r\n"
        "Cookie: a=1; __Host-s=xyz\r\n\r\n");
    const auto& r = head.request;
    CHECK(r.method == "GET");
    CHECK(r.path == "/tablón");
    CHECK(r.target == "/tabl%C3%B3n?p=2&q=a+b%26c");
    CHECK(r.raw_query() == "p=2&q=a+b%26c");
    CHECK(r.host == "sede.ejemplo.es");
    CHECK(r.authority == "Sede.Ejemplo.ES:8080");
    CHECK(r.query_value("q") == "a b&c");
    CHECK(r.field("accept-language") == "ca, es;q=0.8");
    CHECK(r.cookie("__Host-s") == "xyz");
    CHECK(r.cookie("s") == std::nullopt);
    CHECK(head.keep_alive);
}

TEST_CASE("the table of heads") {
    struct Row {
        const char* why;
        std::string bytes;
        int status;
    };
    const Row rows[] = {
        {"plain", get("/"), 200},
        {"2.2 an empty line before", "\r\n" + get("/"), 200},
        {"2.2 three empty lines", "\r\n\r\n\r\n" + get("/"), 400},
        {"2.2 bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
        {"2.2 bare CR", get("/", "Host: a\r\nX: a\rb\r\n"), 400},
        {"2.3 version 2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"2.3 a higher minor is read as 1.1", "GET / HTTP/1.7\r\nHost: a\r\n\r\n", 200},
        {"3.2 no Host", get("/", ""), 400},
        {"3.2 Host is optional in 1.0", "GET / HTTP/1.0\r\n\r\n", 200},
        {"3.2 two Hosts", get("/", "Host: a\r\nhost: b\r\n"), 400},
        {"3.2.2 absolute-form", get("http://b/x"), 200},
        {"3.2.4 asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 200},
        {"5.1 space before the colon", get("/", "Host: a\r\nX : b\r\n"), 400},
        {"5.2 obs-fold", get("/", "Host: a\r\nX: b\r\n c\r\n"), 400},
        {"6.1 chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"6.1 unknown coding", get("/", "Host: a\r\nTransfer-Encoding: br\r\n"), 501},
        {"6.3 length and chunked", get("/", "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
         400},
        {"6.3 length of 2^64+3", get("/", "Host: a\r\nContent-Length: 18446744073709551619\r\n"), 400},
        {"9110 9.1 unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"9110 10.1.1 unknown expectation", get("/", "Host: a\r\nExpect: x\r\n"), 417},
        {"3986 2.1 wrong escape", get("/%4x"), 400},
        {"NUL in the path", get("/%00"), 400},
        {"dot segment", get("/a/../b"), 400},
        {"dot segment, encoded", get("/a/%2e%2E/b"), 400},
        {"single dot", get("/./b"), 400},
        {"dots inside a name are a name", get("/a..b/.well-known/x..."), 200},
        {"overlong UTF-8", get("/%c0%ae"), 400},
        {"NUL in the query", get("/?a=%00"), 400},
        {"a stray percent in the query", get("/?a=100%"), 200},
        {"3 line of 8193 bytes", get("/" + std::string(8193 - 14, 'a')), 414},
        {"3 line of 8192 bytes", get("/" + std::string(8192 - 14 - 2, 'a')), 200},
        {"6585 5 head too long", get("/", "Host: a\r\nX: " + std::string(17000, 'a') + "\r\n"), 431},
        {"not complete", "GET / HTTP/1.1\r\nHost: a\r\n", 0},
    };
    for (const auto& row : rows) {
        INFO(row.why);
        CHECK(status_of(row.bytes) == row.status);
    }
}

TEST_CASE("fields are counted: a hundred pass, one more does not") {
    std::string lines = "Host: a\r\n";
    for (int i = 0; i < 99; ++i) lines += "X: y\r\n";
    CHECK(status_of(get("/", lines)) == 200);
    CHECK(status_of(get("/", lines + "X: y\r\n")) == 431);
}

TEST_CASE("persistence follows version and Connection") {
    CHECK(head_of(get("/")).keep_alive);
    CHECK_FALSE(head_of(get("/", "Host: a\r\nConnection: x, Close\r\n")).keep_alive);
    CHECK(head_of(get("/", "Host: a\r\nConnection: not-close\r\n")).keep_alive);
    CHECK_FALSE(head_of("GET / HTTP/1.0\r\n\r\n").keep_alive);
    CHECK(head_of("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
}

TEST_CASE("the authority of an absolute target replaces Host") {
    auto head = head_of(get("http://Otra.es:80/x?y", "Host: a\r\n"));
    CHECK(head.request.host == "otra.es");
    CHECK(head.request.target == "/x?y");
    CHECK(head_of(get("https://a?y")).request.path == "/");
    CHECK(head_of(get("/", "Host: [2001:DB8::1]:443\r\n")).request.host == "[2001:db8::1]");
    CHECK(head_of(get("/", "Host: ejemplo.es.\r\n")).request.host == "ejemplo.es");
}

TEST_CASE("wrong UTF-8 in a query is repaired, not refused") {
    CHECK(head_of(get("/?q=poblaci%F3n")).request.query_value("q") == "poblaci\xEF\xBF\xBDn");
}
