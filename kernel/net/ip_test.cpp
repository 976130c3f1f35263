#include "kernel/net/ip.hpp"
#include "kernel/net/testing/other_side.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>

#include <cstring>
#include <random>
#include <sstream>

using kernel::net::Ip;
using kernel::net::Network;
using kernel::net::parse_host_number;
using kernel::net::special_purpose;

TEST_CASE("spellings of IPv4 are what the C library takes them for") {
    std::mt19937 chance(20260301);
    const char* pieces[] = {"0x7f",       "127",        "0177",       "1",  "0",  "255",         "256",
                            "0xffffffff", "4294967295", "4294967296", "08", "0x", "00000000001", "65536",
                            "16777215",   "16777216",   "",           "x",  "0xg"};
    std::vector<std::string> texts{"127.1",      "0x7f.1",    "2130706433", "017700000001",
                                   "0x7f000001", "127.0.0.1", "1.2.3.4.5",  "1..2",
                                   ".",          "1.",        "127.0.1"};
    for (int i = 0; i < 20000; ++i) {
        std::string text = pieces[chance() % std::size(pieces)];
        for (auto n = chance() % 4; n > 0; --n)
            text += std::string(".") + pieces[chance() % std::size(pieces)];
        texts.push_back(text);
    }
    int good = 0;
    for (const auto& text : texts) {
        in_addr expected{};
        const bool valid = ::inet_aton(text.c_str(), &expected) != 0;
        const auto found = parse_host_number(text);
        INFO(text);
        REQUIRE(found.has_value() == valid);
        if (!valid) continue;
        ++good;
        CHECK(std::memcmp(found->bytes.data(), &expected, 4) == 0);
    }
    CHECK(good > 1000);
}

TEST_CASE("what Python's ipaddress does not call global is special here, and the open Internet is not") {
    std::mt19937 chance(7);
    std::string asked;
    const char* edges[] = {"0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",   "127.0.0.0/8",
                           "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",
                           "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
                           "224.0.0.0/4",    "240.0.0.0/4",   "::/64",           "::ffff:0:0/96",
                           "64:ff9b:1::/48", "fc00::/7",      "fe80::/10",       "ff00::/8",
                           "2001:db8::/32",  "2001::/23"};
    std::vector<std::string> texts{"8.8.8.8",     "1.1.1.1",     "2a00:1450:4003::1", "2606:4700::1111",
                                   "192.0.1.255", "100.128.0.0", "172.32.0.0"};
    for (const char* edge : edges) {
        const auto network = *Network::parse(edge);
        for (int i = 0; i < 20; ++i) {
            auto ip = network.address;
            for (unsigned bit = network.bits; bit < (ip.v4 ? 32u : 128u); ++bit)
                if (i == 1 || (i > 1 && chance() % 2))
                    ip.bytes[bit / 8] |= static_cast<unsigned char>(0x80 >> bit % 8);
            CHECK(network.has(ip));
            texts.push_back(ip.text());
        }
    }
    for (int i = 0; i < 5000; ++i) {
        Ip ip;
        ip.v4 = i % 2;
        for (auto& byte : ip.bytes) byte = static_cast<unsigned char>(chance());
        if (!ip.v4 && i % 4 == 0) ip.bytes[0] = 0x20 | (ip.bytes[0] & 1), ip.bytes[1] &= 3;
        texts.push_back(ip.text());
    }
    for (const auto& text : texts) asked += text + "\n";
    std::istringstream answers(
        kernel::net::testing::output_of("python3 -c 'import sys,ipaddress\nfor l in sys.stdin: "
                                        "print(int(ipaddress.ip_address(l.strip()).is_global))'",
                                        asked));
    int special = 0, open = 0;
    for (const auto& text : texts) {
        int global = 0;
        answers >> global;
        INFO(text);
        if (!global && !text.starts_with("192.0.0.")) REQUIRE(special_purpose(*Ip::parse(text)) != nullptr);
        if (global && Ip::parse(text)->v4 && !Network::parse("224.0.0.0/4")->has(*Ip::parse(text)) &&
            !text.starts_with("192.0.0.") && !text.starts_with("192.88.99."))
            REQUIRE(special_purpose(*Ip::parse(text)) == nullptr);
        (global ? open : special) += 1;
    }
    CHECK(special > 400);
    CHECK(open > 1000);
}

TEST_CASE("addresses that carry IPv4 inside are special whatever they carry") {
    for (const char* text : {"::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808",
                             "2002:7f00:1::1", "2002:808:808::1", "::127.0.0.1", "::", "::1",
                             "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fec0::1", "5f00::1"}) {
        INFO(text);
        CHECK(special_purpose(*Ip::parse(text)) != nullptr);
    }
    CHECK_FALSE(Ip::parse("127.1"));
    CHECK_FALSE(Ip::parse("fe80::1%eth0"));
    CHECK_FALSE(Network::parse("10.0.0.0/33"));
    CHECK_FALSE(Network::parse("10.0.0.0/"));
    CHECK_FALSE(Network::parse("10.0.0.0/-1"));
    CHECK_FALSE(Network::parse("0.0.0.0/0")->has(*Ip::parse("::ffff:1.2.3.4")));
}
