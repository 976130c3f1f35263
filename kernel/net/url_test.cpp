#include "kernel/net/egress.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <random>

using concejo::Error;
using kernel::net::Egress;
using kernel::net::Url;

TEST_CASE("references are resolved as RFC 3986, section 5.4, lists them") {
    const auto base = Url::parse("http://a/b/c/d;p?q");
    const std::pair<const char*, const char*> examples[] = {{"g", "http://a/b/c/g"},
                                                            {"./g", "http://a/b/c/g"},
                                                            {"g/", "http://a/b/c/g/"},
                                                            {"/g", "http://a/g"},
                                                            {"//g", "http://g/"},
                                                            {"?y", "http://a/b/c/d;p?y"},
                                                            {"g?y", "http://a/b/c/g?y"},
                                                            {"#s", "http://a/b/c/d;p?q"},
                                                            {"g#s", "http://a/b/c/g"},
                                                            {"g?y#s", "http://a/b/c/g?y"},
                                                            {";x", "http://a/b/c/;x"},
                                                            {"g;x", "http://a/b/c/g;x"},
                                                            {"g;x?y#s", "http://a/b/c/g;x?y"},
                                                            {"", "http://a/b/c/d;p?q"},
                                                            {".", "http://a/b/c/"},
                                                            {"./", "http://a/b/c/"},
                                                            {"..", "http://a/b/"},
                                                            {"../", "http://a/b/"},
                                                            {"../g", "http://a/b/g"},
                                                            {"../..", "http://a/"},
                                                            {"../../", "http://a/"},
                                                            {"../../g", "http://a/g"},
                                                            {"../../../g", "http://a/g"},
                                                            {"../../../../g", "http://a/g"},
                                                            {"/./g", "http://a/g"},
                                                            {"/../g", "http://a/g"},
                                                            {"g.", "http://a/b/c/g."},
                                                            {".g", "http://a/b/c/.g"},
                                                            {"g..", "http://a/b/c/g.."},
                                                            {"..g", "http://a/b/c/..g"},
                                                            {"./../g", "http://a/b/g"},
                                                            {"./g/.", "http://a/b/c/g/"},
                                                            {"g/./h", "http://a/b/c/g/h"},
                                                            {"g/../h", "http://a/b/c/h"},
                                                            {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
                                                            {"g;x=1/../y", "http://a/b/c/y"},
                                                            {"g?y/./x", "http://a/b/c/g?y/./x"},
                                                            {"g?y/../x", "http://a/b/c/g?y/../x"}};
    for (const auto& [reference, expected] : examples) {
        INFO(reference);
        CHECK(base.resolve(reference).text() == expected);
    }
}

TEST_CASE("one form for every spelling of an address") {
    CHECK(Url::parse("HTTPS://Sede.Example.ES:443").text() == "https://sede.example.es/");
    CHECK(Url::parse("http://sede.example.es.:8080/a b?ñ#x").text() ==
          "http://sede.example.es:8080/a%20b?%C3%B1");
    CHECK(Url::parse("http://[2001:DB8::0:1]:80/").authority() == "[2001:db8::1]");
    for (const char* text : {"http://127.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://2130706433/",
                             "http://017700000001/", "http://0X7F000001./"}) {
        INFO(text);
        CHECK(Url::parse(text).text() == "http://127.0.0.1/");
        CHECK(Url::parse(text).literal);
    }
    CHECK(Url::parse("http://[::ffff:127.0.0.1]/").literal->text() == "::ffff:127.0.0.1");
}

TEST_CASE("what would be read in two ways is refused") {
    for (const char* text : {"",
                             ":",
                             "http",
                             "http:",
                             "http:/a",
                             "ftp://a/",
                             "file:///etc/passwd",
                             "gopher://a/",
                             "//a/",
                             "http://",
                             "http:///x",
                             "http://u@a/",
                             "http://a:b@c/",
                             "http://a@b@c/",
                             "http://a\\@b/",
                             "http://a\r\nHost: b/",
                             "http://a/\n",
                             "http://a/\x7f",
                             "http://a b/",
                             "http://a%2eb/",
                             "http://a:0/",
                             "http://a:65536/",
                             "http://a:x/",
                             "http://a:-1/",
                             "http://[::1/",
                             "http://[127.0.0.1]/",
                             "http://[fe80::1%25eth0]/",
                             "http://1.2.3.4.5/",
                             "http://256.1.1.1/",
                             "http://x.0xg/",
                             "http://a..b/",
                             "http://.a/",
                             "http://españa.es/",
                             "http://a\xe2\x93\x85/"}) {
        INFO(text);
        CHECK_THROWS_AS(Url::parse(text), Error);
    }
    CHECK_THROWS_AS(Url::parse("http://a/").resolve("javascript:alert(1)"), Error);
    CHECK_THROWS_AS(Url::parse("http://a/").resolve("//u@b/"), Error);
}

TEST_CASE("no text makes the parser do anything but answer or refuse, and what it answers it takes again") {
    std::mt19937 chance(1);
    const std::string alphabet = "htps:/@[]%?#\\.0x127af:-_~ \t\r\n\"é\x01";
    int taken = 0;
    for (int i = 0; i < 200000; ++i) {
        std::string text = i % 2 ? "http://" : "";
        for (auto n = chance() % 24; n > 0; --n) text += alphabet[chance() % alphabet.size()];
        try {
            const auto url = Url::parse(text);
            ++taken;
            REQUIRE(Url::parse(url.text()).text() == url.text());
            REQUIRE(url.text().find_first_of(" \r\n\t") == std::string::npos);
            url.resolve(text.substr(3));
        } catch (const Error&) {
        }
    }
    CHECK(taken > 1000);
}

TEST_CASE("only what is listed may be asked") {
    const Egress egress({"boe.es", "*.aemet.es", "datos.example.es:8443", "10.0.0.7", "[2001:db8::7]:8080"},
                        {"192.168.1.0/24"});
    for (const char* good : {"https://boe.es/x", "http://BOE.es./", "https://www.aemet.es/",
                             "https://a.b.aemet.es/", "https://datos.example.es:8443/", "http://10.0.0.7/",
                             "http://0xa.7/", "http://[2001:db8::7]:8080/"}) {
        INFO(good);
        CHECK_NOTHROW(egress.check(Url::parse(good)));
    }
    for (const char* bad : {"https://www.boe.es/", "https://boe.es:8443/", "https://boe.es.evil.test/",
                            "https://aemet.es/", "https://xaemet.es/", "https://datos.example.es/",
                            "http://10.0.0.8/", "http://[2001:db8::7]/", "http://boe.es:443/"}) {
        INFO(bad);
        CHECK_THROWS_WITH(egress.check(Url::parse(bad)), Catch::Contains("salida.servidores"));
    }
    const auto refusal = [](const Egress& of, const char* url, const char* ip) {
        return of.refusal(Url::parse(url), *kernel::net::Ip::parse(ip)) != nullptr;
    };
    CHECK_FALSE(refusal(egress, "http://boe.es", "10.0.0.7"));
    CHECK(refusal(egress, "http://boe.es", "10.0.0.8"));
    CHECK_FALSE(refusal(egress, "http://boe.es", "192.168.1.200"));
    CHECK_FALSE(refusal(egress, "http://boe.es", "8.8.8.8"));
    CHECK_NOTHROW(Egress({"*"}, {}).check(Url::parse("https://whatever.test/")));
    CHECK_THROWS_AS(Egress({"*"}, {}).check(Url::parse("https://whatever.test:22/")), Error);
    CHECK_THROWS_AS(Egress().check(Url::parse("https://boe.es/")), Error);
    CHECK_THROWS_AS(Egress({"a/b"}, {}), Error);
    CHECK_THROWS_AS(Egress({}, {"10.0.0.0/40"}), Error);

    Egress own;
    own.allow_own(Url::parse("https://sede.ribera.example"));
    CHECK_NOTHROW(own.check(Url::parse("https://sede.ribera.example/es/tablon")));
    CHECK_FALSE(refusal(own, "https://sede.ribera.example/", "10.0.0.8"));
    for (const char* other :
         {"http://sede.ribera.example/", "https://sede.ribera.example:8443/", "https://ribera.example/"}) {
        CHECK_THROWS_AS(own.check(Url::parse(other)), Error);
        CHECK(refusal(own, other, "127.0.0.1"));
    }
}
