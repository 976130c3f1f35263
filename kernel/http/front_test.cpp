// Pieces around the connection: addresses, proxies, rates, response heads, the access log.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <set>

#include "concejo/error.hpp"
#include "concejo/json.hpp"
#include "kernel/http/access_log.hpp"
#include "kernel/http/addresses.hpp"
#include "kernel/http/request_id.hpp"
#include "kernel/http/response_head.hpp"
#include "kernel/http/server.hpp"

using namespace kernel::http;
using namespace std::chrono_literals;

namespace {

Address at(std::string_view text) {
    Address out;
    REQUIRE(Address::parse(text, out));
    return out;
}

Request through(const TrustedProxies& proxies, std::vector<Field> fields) {
    Request request;
    request.peer = "10.0.0.1";
    request.fields = std::move(fields);
    proxies.apply(request);
    return request;
}

}  // namespace

TEST_CASE("proxies are believed by address or network") {
    TrustedProxies proxies({"10.0.0.7", "10.1.0.0/16", "fd00::/8", "192.168.4.128/25"});
    CHECK(proxies.trusts(at("10.0.0.7")));
    CHECK_FALSE(proxies.trusts(at("10.0.0.8")));
    CHECK(proxies.trusts(at("10.1.255.3")));
    CHECK(proxies.trusts(at("fd12::1")));
    CHECK_FALSE(proxies.trusts(at("fe80::1")));
    CHECK(proxies.trusts(at("192.168.4.200")));
    CHECK_FALSE(proxies.trusts(at("192.168.4.127")));
    for (auto wrong : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::/129"})
        CHECK_THROWS_AS(TrustedProxies({wrong}), concejo::Error);
}

TEST_CASE("the client is the last hop that is not ours") {
    TrustedProxies proxies({"10.0.0.0/8"});
    CHECK(through(proxies, {{"X-Forwarded-For", "6.6.6.6, 203.0.113.5, 10.0.0.9"}}).peer == "203.0.113.5");
    CHECK(through(proxies, {{"X-Forwarded-For", "[2001:db8::1]:4711"}}).peer == "2001:db8::1");
    CHECK(through(proxies, {{"X-Forwarded-For", "203.0.113.5:80"}}).peer == "203.0.113.5");
    CHECK(through(proxies, {{"X-Forwarded-For", "nonsense"}}).peer == "10.0.0.1");
    CHECK(through(proxies, {}).peer == "10.0.0.1");
    auto request = through(
        proxies,
        {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "Sede.es:443"}, {"X-Request-Id", "abc-1"}});
    CHECK(request.secure);
    CHECK(request.host == "sede.es");
    CHECK(request.request_id == "abc-1");
    CHECK(through(proxies, {{"X-Request-Id", "a\"b"}}).request_id.empty());
}

TEST_CASE("an address has its connections and its rate") {
    Limits limits;
    limits.address_connections = 2;
    limits.address_rate = 10;
    limits.address_burst = 3;
    Admission admission(limits);
    auto a = at("203.0.113.5"), b = at("203.0.113.6");
    CHECK(admission.open(a));
    CHECK(admission.open(a));
    CHECK_FALSE(admission.open(a));
    CHECK(admission.open(b));
    admission.close(a);
    CHECK(admission.open(a));

    auto now = std::chrono::steady_clock::now() + 1s;
    CHECK((admission.request(a, now) && admission.request(a, now) && admission.request(a, now)));
    CHECK_FALSE(admission.request(a, now));
    CHECK(admission.request(b, now));
    CHECK(admission.request(a, now + 100ms));
    CHECK_FALSE(admission.request(a, now + 100ms));
    auto local = at("127.0.0.1");
    for (int i = 0; i < 50; ++i) CHECK((admission.open(local) && admission.request(local, now)));
}

TEST_CASE("what an IPv6 client can change at will is not another client") {
    CHECK(at("2001:db8:1:2::1").client_key() == at("2001:db8:1:2:ffff::9").client_key());
    CHECK(at("2001:db8:1:2::1").client_key() != at("2001:db8:1:3::1").client_key());
    CHECK(at("1.2.3.4").client_key() != at("1.2.3.5").client_key());
    CHECK(at("::ffff:1.2.3.4").text() == "1.2.3.4");
}

TEST_CASE("a response head cannot be broken by what the application says") {
    Response response(200, "text/plain", std::string("x"));
    response.add("X-Good", "1")
        .add("X-Split", "a\r\nSet-Cookie: b")
        .add("Bad Name", "1")
        .add("Content-Length", "99");
    response.add("X-Nul", std::string_view("a\0b", 3))
        .add("Connection", "upgrade")
        .add("X-Request-Id", "forged");
    auto head = response_head(response, {1, false, true, false}, "id1");
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\nDate: "));
    CHECK(head.find("\r\nX-Good: 1\r\n") != head.npos);
    CHECK(head.find("\r\nContent-Length: 1\r\n") != head.npos);
    CHECK(head.find("\r\nX-Request-Id: id1\r\n") != head.npos);
    for (auto absent : {"Set-Cookie", "Bad Name", "99", "X-Nul", "upgrade", "forged"})
        CHECK(head.find(absent) == head.npos);
    CHECK(response_head(response, {{}, true, false, false}, "")
              .find("Transfer-Encoding: chunked\r\nConnection: close") != head.npos);
}

TEST_CASE("fields made ready give the head that they would give one by one") {
    const std::vector<Field> fields{{"Content-Type", "text/html"},
                                    {"Vary", "Cookie"},
                                    {"X-Bad", "a\r\nInjected: b"},
                                    {"Content-Length", "7"},
                                    {"bad name", "x"}};
    Response one(200), ready(200);
    one.fields = fields;
    ready.ready = std::make_shared<const ReadyFields>(ready_fields(fields));
    one.add("Set-Cookie", "a=b");
    ready.add("Set-Cookie", "a=b");
    const auto head = response_head(ready, {5, false, true, false}, "id");
    CHECK(head == response_head(one, {5, false, true, false}, "id"));
    CHECK(head.find("Injected") == head.npos);
    CHECK(ready.field("vary") == "Cookie");
    CHECK(ready.field("set-cookie") == "a=b");

    ready.set("VARY", "Accept-Encoding");
    const auto changed = response_head(ready, {5, false, true, false}, "id");
    CHECK(changed.find("Vary: Cookie") == changed.npos);
    CHECK(changed.find("VARY: Accept-Encoding") != changed.npos);
    CHECK(changed.find("Content-Type: text/html") != changed.npos);
    CHECK(ready.field("vary") == "Accept-Encoding");
}

TEST_CASE("the access log is JSON whatever it is told") {
    AccessRecord record{"id\"x", "ribera\n", "GET", 200, AddressKind::page, 14, 310, "ok"};
    auto line = to_json_line(record, std::chrono::system_clock::time_point(1'700'000'000'123ms));
    auto parsed = concejo::Json::parse(line);
    CHECK(line.find('\n') == line.npos);
    CHECK(line.find("\"time\":\"2023-11-14T22:13:20.123Z\"") != line.npos);  // date -u -d @1700000000
    CHECK(line.find("\"us\":310") != line.npos);
}

TEST_CASE("request ids do not repeat") {
    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i) {
        auto id = new_request_id();
        CHECK(id.size() == 32);
        ids.insert(id);
    }
    CHECK(ids.size() == 1000);
}

TEST_CASE("a busy port says what, where and what to do") {
    int fd = listen_on("127.0.0.1", 0);
    auto port = port_of(fd);
    CHECK(port > 0);
    CHECK_THROWS_WITH(listen_on("127.0.0.1", port), Catch::Contains("127.0.0.1:" + std::to_string(port)) &&
                                                        Catch::Contains("ya usa ese puerto"));
    CHECK_THROWS_WITH(listen_on("localhost", 0), Catch::Contains("no es una dirección IP"));
    CHECK_THROWS_AS(listen_on("192.0.2.1", 0), concejo::Error);
    ::close(fd);
}
