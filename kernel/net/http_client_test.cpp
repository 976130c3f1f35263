#include "kernel/net/client_fixture.hpp"

#include "kernel/base/digest.hpp"
#include "tests/support/refusal.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace kernel::net;
using namespace std::chrono_literals;
using Catch::Contains;
using concejo::Error;
using concejo::ErrorKind;
using tests::kind_of;

namespace {}  // namespace

TEST_CASE("a request arrives as it was meant") {
    Bench bench;
    auto request = bench.get("/echo?a=1");
    request.method = "POST";
    request.fields = {{"Content-Type", "text/plain"}, {"X-Clave", "v"}};
    request.body = "hola";
    const auto told = bench.echo(request);
    CHECK(told.at("method").as_string() == "POST");
    CHECK(told.at("path").as_string() == "/echo?a=1");
    CHECK(told.at("body").as_string() == "hola");
    CHECK(told.at("fields").at("Host").as_string() == "servidor.test:" + std::to_string(bench.server.port()));
    CHECK_THAT(told.at("fields").at("User-Agent").as_string(),
               Contains("Concejo/") && Contains("(+https://sede.example.es)"));
    CHECK(told.at("fields").at("X-Clave").as_string() == "v");
    for (const auto& field : Fields{{"Host", "x"},
                                    {"content-length", "9"},
                                    {"Transfer-Encoding", "chunked"},
                                    {"A b", "x"},
                                    {"X", "a\r\nY: b"},
                                    {"X", std::string("a\0b", 3)}}) {
        auto bad = bench.get("/echo");
        bad.fields = {field};
        CHECK(kind_of([&] { bench.send(bad); }) == ErrorKind::invalid);
    }
    for (const char* method : {"CONNECT", "TRACE", "GET /x HTTP/1.1\r\nA: b\r\n\r\nGET", ""}) {
        auto bad = bench.get("/echo");
        bad.method = method;
        CHECK(kind_of([&] { bench.send(bad); }) == ErrorKind::invalid);
    }
}

TEST_CASE("bodies by length, in chunks and until the end of the connection; HEAD has none") {
    Bench bench;
    CHECK(bench.send(bench.get("/chunked")).bytes == 1 + 4095 + 70000 + 3);
    auto quiet = bench.send(bench.get("/big?n=200000&quiet=1"));
    CHECK(quiet.bytes == 200000);
    CHECK(quiet.sha256 == kernel::base::sha256_hex(quiet.body));
    CHECK(bench.send(bench.get("/interim")).body == "after the hints");
    auto head = bench.get("/big?n=200000");
    head.method = "HEAD";
    const auto answer = bench.send(head);
    CHECK(answer.status == 200);
    CHECK(answer.field("content-length") == "200000");
    CHECK(answer.bytes == 0);
    CHECK(bench.send(bench.get("/nowhere")).status == 404);
}

TEST_CASE("a body is streamed to a file that is whole or not there") {
    Bench bench;
    auto request = bench.get("/big?n=30000000");
    request.save_to = bench.folder.path() / "body";
    request.max_bytes = 40'000'000;
    const auto answer = bench.send(request);
    CHECK(answer.body.empty());
    CHECK(std::filesystem::file_size(request.save_to) == 30'000'000);
    CHECK_THAT(testing::output_of("sha256sum '" + request.save_to.string() + "'"), Contains(answer.sha256));
    CHECK(kind_of([&] { bench.send(request); }) == ErrorKind::invalid);  // it is there already
    CHECK(std::filesystem::file_size(request.save_to) == 30'000'000);
    for (const char* path : {"/big?n=300000", "/big?n=300000&quiet=1", "/chunked"}) {
        auto limited = bench.get(path);
        limited.max_bytes = 70'000;
        limited.save_to = bench.folder.path() / "limited";
        CHECK(kind_of([&] { bench.send(limited); }) == ErrorKind::invalid);
        CHECK_FALSE(std::filesystem::exists(limited.save_to));
    }
    auto cut = bench.get("/cut");
    cut.save_to = bench.folder.path() / "cut";
    CHECK(kind_of([&] { bench.send(cut); }) == ErrorKind::unavailable);
    CHECK_FALSE(std::filesystem::exists(cut.save_to));
    CHECK(bench.count("cut") == 3);
}

TEST_CASE("who answers nothing, or a byte now and then, keeps nobody") {
    Bench bench;
    auto hang = bench.get("/hang");
    hang.total = 300ms;
    const auto before = std::chrono::steady_clock::now();
    CHECK(kind_of([&] { bench.send(hang); }) == ErrorKind::unavailable);
    auto drip = bench.get("/drip");  // 20 bytes a second for half a minute
    drip.retries = 0;
    CHECK(kind_of([&] { bench.send(drip); }) == ErrorKind::unavailable);
    CHECK(std::chrono::steady_clock::now() - before < 25s);  // of 60 that both would take
}

TEST_CASE("redirects are followed so far, checked each, and take no credentials elsewhere") {
    Bench bench;
    auto request = bench.get("/to?url=/echo%3Fb%3D2");
    request.fields = {
        {"Authorization", "Bearer s3"}, {"Cookie", "a=b"}, {"X-Api-Key", "k"}, {"Accept", "text/html"}};
    auto told = bench.echo(request);
    CHECK(told.at("path").as_string() == "/echo?b=2");
    CHECK(told.at("fields").at("Authorization").as_string() == "Bearer s3");
    request.url = bench.at("/to?url=" + bench.at("/echo", "otro.test"));
    told = bench.echo(request);
    CHECK(told.at("fields").at("Accept").as_string() == "text/html");
    for (const char* secret : {"Authorization", "Cookie", "X-Api-Key"})
        CHECK_FALSE(told.at("fields").contains(secret));
    CHECK(kind_of([&] { bench.send(bench.get("/round")); }) == ErrorKind::invalid);
    auto none = bench.get("/to?url=/echo");
    none.redirects = 0;
    CHECK(bench.send(none).status == 302);
    for (const auto& [code, method] : std::map<std::string, std::string>{
             {"301", "GET"}, {"302", "GET"}, {"303", "GET"}, {"307", "POST"}, {"308", "POST"}}) {
        auto post = bench.get("/to?url=/echo&code=" + code);
        post.method = "POST";
        post.body = "datos";
        const auto arrived = bench.echo(post);
        INFO(code);
        CHECK(arrived.at("method").as_string() == method);
        CHECK(arrived.at("body").as_string() == (method == "POST" ? "datos" : ""));
    }
    for (const char* target : {"http://tercero.test/", "http://127.0.0.1:1/", "file:///etc/passwd",
                               "http://u:p@servidor.test/", "http://0x7f.1/"}) {
        INFO(target);
        CHECK(kind_of([&] { bench.send(bench.get(std::string("/to?url=") + target)); }) != ErrorKind{});
    }
}

TEST_CASE("the address that a name leads to is checked, at every hop") {
    Bench bench;
    const auto port = std::to_string(bench.server.port());
    const Egress all({"*", "servidor.test:" + port, "dentro.test:" + port}, {});
    const auto refused = [&](const std::string& url) {
        HttpRequest request;
        request.url = url;
        request.total = 2s;
        try {
            bench.client.send(request, {"t1", all, ""});
        } catch (const Error& error) {
            CHECK_THAT(error.what(), Contains("redes_privadas"));
            return error.kind() == ErrorKind::forbidden;
        }
        return false;
    };
    CHECK(refused(bench.at("/echo")));
    for (const char* ip :
         {"10.1.2.3", "169.254.169.254", "100.64.1.1", "0.0.0.0", "224.0.0.1", "::1", "::ffff:127.0.0.1",
          "fe80::1", "fd00::1", "64:ff9b::7f00:1", "2002:7f00:1::", "255.255.255.255"}) {
        bench.names["dentro.test"] = ip;
        INFO(ip);
        CHECK(refused(bench.at("/echo", "dentro.test")));
    }
    for (const char* host : {"127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "[::1]",
                             "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost.", "0"}) {
        INFO(host);
        CHECK(refused(std::string("http://") + host + "/"));
    }
    // A redirect from where one may go to where one may not.
    const Egress here({"servidor.test:" + port, "dentro.test:" + port}, {"127.0.0.1"});
    bench.names["dentro.test"] = "10.1.2.3";
    auto request = bench.get("/to?url=" + bench.at("/echo", "dentro.test"));
    CHECK(kind_of([&] { bench.client.send(request, {"t1", here, ""}); }) == ErrorKind::forbidden);
    // A name that answers otherwise the second time is resolved once per connection, and that address is
    // connected to.
    bench.resolved.clear();
    bench.send(bench.get("/echo"));
    CHECK(bench.resolved.size() == 1);
}

TEST_CASE("what may be repeated is repeated, no sooner than the server wants") {
    Bench bench;
    CHECK(bench.send(bench.get("/drop?id=a&times=2")).body == "at last");
    CHECK(bench.count("a") == 3);
    auto post = bench.get("/drop?id=b&times=1");
    post.method = "POST";
    try {
        bench.send(post);
        FAIL("a POST was repeated");
    } catch (const NetError& error) {
        CHECK(error.maybe_done());
    }
    CHECK(bench.count("b") == 1);
    CHECK(bench.send(bench.get("/busy?id=c&times=1")).status == 200);
    CHECK(bench.send(bench.get("/busy?id=d&times=9")).status == 503);
    CHECK(bench.count("d") == 3);
    const auto before = std::chrono::steady_clock::now();
    CHECK(bench.send(bench.get("/busy?id=e&times=1&after=1")).status == 200);
    CHECK(std::chrono::steady_clock::now() - before >= 1s);
    CHECK(bench.send(bench.get("/busy?id=f&times=1&after=3600")).status ==
          503);  // longer than the request may take
    CHECK(bench.count("f") == 1);
    post = bench.get("/busy?id=g&times=1");
    post.method = "POST";
    CHECK(bench.send(post).status == 503);
    bench.server.kill();
    post.total = 1s;
    try {
        bench.send(post);
        FAIL("nobody is there");
    } catch (const NetError& error) {
        CHECK_FALSE(error.maybe_done());
    }
}

TEST_CASE("Retry-After is read as RFC 9110 writes it") {
    const auto now =
        std::chrono::system_clock::from_time_t(784111777 - 60);  // Sun, 06 Nov 1994 08:49:37 GMT is 784111777
    CHECK(retry_after("120", now) == 120s);
    CHECK(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) == 60s);
    CHECK(retry_after("Sun, 06 Nov 1994 08:40:00 GMT", now) == 0s);
    for (const char* bad : {"", "-1", "1.5", "soon", "Sun, 06 Nov 1994", "99999999999999"})
        CHECK_FALSE(retry_after(bad, now));
}

TEST_CASE("what was kept is asked after, and given while it holds") {
    Bench bench;
    auto request = bench.get("/kept?id=k");
    request.cache = true;
    const auto first = bench.send(request), second = bench.send(request);
    CHECK_FALSE(first.from_cache);
    CHECK(second.from_cache);
    CHECK(second.status == 200);
    CHECK(second.body == first.body);
    CHECK(second.field("ETag") == "\"v1\"");
    CHECK(bench.count("k") == 2);
    request.save_to = bench.folder.path() / "kept";
    CHECK(bench.send(request).from_cache);
    CHECK(std::filesystem::file_size(request.save_to) == 100000);
    request.save_to.clear();
    auto small = request;
    small.max_bytes = 1000;  // the limit holds for what is kept, too
    CHECK(kind_of([&] { bench.send(small); }) == ErrorKind::invalid);
    CHECK_FALSE(bench.client.send(request, {"t2", bench.egress, ""}).from_cache);  // another municipality
    for (const char* path : {"/kept?control=no-store", "/kept?vary=Cookie", "/kept?vary=*", "/nowhere"}) {
        auto never = bench.get(path);
        never.cache = true;
        bench.send(never);
        INFO(path);
        CHECK_FALSE(bench.send(never).from_cache);
    }
    auto dated = bench.get("/dated");
    dated.cache = true;
    bench.send(dated);
    CHECK(bench.send(dated).body == "dated");
    CHECK(bench.send(dated).from_cache);
    auto secret = bench.get("/kept?v=2");
    secret.cache = true;
    secret.fields = {{"Authorization", "Bearer x"}};
    bench.send(secret);
    CHECK_FALSE(bench.send(secret).from_cache);
    // A copy that was tampered with is asked for again.
    for (const auto& file : std::filesystem::directory_iterator(bench.folder.path() / "cache" / "t1")) {
        if (file.file_size() == 100000)
            kernel::base::write_file_atomically(file.path(), std::string(100000, 'y'));
    }
    CHECK(bench.send(request).body == std::string(100000, 'x'));
}

TEST_CASE("the environment's proxies are not looked at") {
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy"})
        ::setenv(name, "http://127.0.0.1:9/", 1);
    Bench bench;
    CHECK(bench.send(bench.get("/echo")).status == 200);
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy"}) ::unsetenv(name);
}

TEST_CASE("names are resolved by the system, or said not to be there") {
    const auto found = resolve_by_system("localhost", std::chrono::steady_clock::now() + 5s);
    REQUIRE_FALSE(found.empty());
    CHECK(special_purpose(found.front()) != nullptr);
    CHECK_THROWS_AS(resolve_by_system("nadie.invalid", std::chrono::steady_clock::now() + 5s), NetError);
}
