#include "kernel/web/site_map.hpp"
#include "kernel/base/files.hpp"
#include "kernel/web/device.hpp"
#include "kernel/web/qr.hpp"
#include "kernel/web/shared_counters.hpp"
#include "tests/support/xml.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace kernel::web;
using concejo::Json;

namespace {

std::string absolute(std::string_view language, std::string_view path) {
    return "https://sede.example.es/" + std::string(language) + std::string(path);
}

}  // namespace

TEST_CASE("the site map is XML that others read, each page in each language with its alternates") {
    std::vector<MapEntry> entries;
    add_map_entries(
        entries,
        Json::parse(
            R"([{"path":"/tablon","modified":"2026-02-28","title":"Tablón"},{"path":"/a?b=1&c=<2>"}])"));
    const auto xml = site_map_xml(entries, {"es", "ca"}, absolute);
    CHECK(tests::xpath(xml, "count(//*[local-name()='url'])") == "4");
    CHECK(tests::xpath(xml, "count(//*[local-name()='link' and @rel='alternate'])") == "8");
    CHECK(tests::xpath(xml, "string(//*[local-name()='url'][2]/*[local-name()='loc'])") ==
          "https://sede.example.es/ca/tablon");
    CHECK(tests::xpath(xml, "string(//*[local-name()='url'][3]/*[local-name()='loc'])") ==
          "https://sede.example.es/es/a?b=1&c=<2>");
    CHECK(tests::xpath(xml, "count(//*[local-name()='lastmod'])") == "2");
}

TEST_CASE("what a provider says wrongly is left out, and a path counts once") {
    std::vector<MapEntry> entries{{"/tablon", "", "", ""}};
    add_map_entries(
        entries,
        Json::parse(
            R"([{"path":"/tablon"},{"path":"//evil.example"},{"path":"x"},{"title":"sin"},3,{"path":"/b","modified":"2026-02-30"},
                                             {"path":"/c","modified":"2026-02-28T10:00:00Z"}])"));
    add_map_entries(entries, Json::object());
    REQUIRE(entries.size() == 3);
    CHECK(entries[1].modified.empty());
    CHECK(entries[2].modified == "2026-02-28");
}

TEST_CASE("a site map too long for one file is several, each page in exactly one of them, and an index") {
    std::vector<MapEntry> entries;
    for (int i = 0; i < 12'001; ++i)
        entries.push_back({"/p" + std::to_string(i), i == 7 ? "2026-02-28" : "", "", ""});
    const std::vector<std::string> languages{"es", "ca"};
    REQUIRE(site_map_files(0, 2) == 1);
    REQUIRE(site_map_files(5'000, 2) == 1);
    REQUIRE(site_map_files(5'001, 2) == 2);
    REQUIRE(site_map_files(entries.size(), 2) == 3);
    const char* counts[] = {"10000", "10000", "4002"};
    for (std::size_t n = 1; n <= 3; ++n)
        CHECK(tests::xpath(site_map_xml(entries, languages, absolute, n), "count(//*[local-name()='url'])") ==
              counts[n - 1]);
    CHECK(tests::xpath(site_map_xml(entries, languages, absolute, 3),
                       "string(//*[local-name()='loc'][last()])") == "https://sede.example.es/es/p10000");
    const auto index = site_map_index(
        entries, 2, [](std::size_t n) { return "https://sede.example.es/m?a=1&n=" + std::to_string(n); });
    CHECK(tests::xpath(index, "count(/*[local-name()='sitemapindex']/*[local-name()='sitemap'])") == "3");
    CHECK(tests::xpath(index, "string(//*[local-name()='sitemap'][3]/*[local-name()='loc'])") ==
          "https://sede.example.es/m?a=1&n=3");
    CHECK(tests::xpath(index, "count(//*[local-name()='lastmod'])") == "1");
}

TEST_CASE("a QR code is SVG, and too long a text is refused") {
    const auto svg =
        qr_svg("otpauth://totp/Ribera:secretaria?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ribera");
    CHECK(tests::xpath(svg, "count(//*[local-name()='path'])") == "2");
    CHECK_THROWS_AS(qr_svg(std::string(5'000, 'a')), concejo::Error);
}

TEST_CASE("devices by the names that people know") {
    const auto firefox = device_of("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
    CHECK(firefox.browser == "Firefox");
    CHECK(firefox.system == "Linux");
    const auto edge = device_of(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 "
        "Safari/537.36 Edg/120.0");
    CHECK(edge.browser == "Edge");
    CHECK(edge.system == "Windows");
    CHECK(device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1")
              .system == "iPhone");
    CHECK(device_of("").browser.empty());
}

TEST_CASE("visits are counted by all workers together") {
    const kernel::base::TempDir folder;
    SharedCounters one(folder.path() / "hits", 3), other(folder.path() / "hits", 3), alone({}, 2);
    one.add(1);
    other.add(1);
    other.add(9);
    alone.add(1);
    CHECK(one.count(1) == 2);
    CHECK(other.count(0) == 0);
    CHECK(alone.count(1) == 1);
    CHECK(SharedCounters(folder.path() / "hits", 3).count(1) == 2);
}
