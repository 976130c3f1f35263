#include "kernel/web/security.hpp"
#include "kernel/web/cookies.hpp"

#include <catch2/catch.hpp>

using namespace kernel::web;
using kernel::http::Request;
using kernel::http::Response;

namespace {

Request post(std::vector<kernel::http::Field> fields) {
    Request request;
    request.method = "POST";
    request.authority = "sede.example.es:8080";
    request.host = "sede.example.es";
    request.fields = std::move(fields);
    return request;
}

}  // namespace

TEST_CASE("pages load nothing from elsewhere and cannot be framed") {
    Response page(200, "text/html; charset=utf-8", std::string("x"));
    protect(page, true);
    CHECK(
        page.field("Content-Security-Policy") ==
        "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; object-src 'none'");
    CHECK(page.field("X-Content-Type-Options") == "nosniff");
    CHECK(page.field("Cross-Origin-Opener-Policy") == "same-origin");
    CHECK(page.field("Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(page.field("Referrer-Policy") == "strict-origin-when-cross-origin");
    CHECK(page.field("Permissions-Policy").find("camera=()") != std::string_view::npos);
    CHECK(page.field("Strict-Transport-Security") == "max-age=31536000");
    Response plain(200, "text/html", std::string("x"));
    protect(plain, false);
    CHECK(plain.field("Strict-Transport-Security").empty());
}

TEST_CASE("an uploaded picture runs nothing, a PDF can be shown, open data can be read from other sites") {
    Response picture(200, "image/svg+xml", std::string("x")), pdf(200, "application/pdf", std::string("x")),
        data(200, "application/json", std::string("x"));
    data.add("Access-Control-Allow-Origin", "*");
    for (auto* response : {&picture, &pdf, &data}) protect(*response, false);
    CHECK(picture.field("Content-Security-Policy").find("sandbox") != std::string_view::npos);
    CHECK(pdf.field("Content-Security-Policy") == "frame-ancestors 'none'");
    CHECK(data.field("Cross-Origin-Resource-Policy") == "cross-origin");
}

TEST_CASE("a page cannot loosen the policy by a header of its own") {
    Response page(200, "text/html", std::string("x"));
    page.add("Content-Security-Policy", "default-src *");
    protect(page, false);
    CHECK(page.field("Content-Security-Policy").find('*') == std::string_view::npos);
}

TEST_CASE("what another site makes a browser send is told apart") {
    CHECK(from_own_pages(post({})));
    CHECK(
        from_own_pages(post({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "http://sede.example.es:8080"}})));
    CHECK(from_own_pages(post({{"Sec-Fetch-Site", "none"}})));
    for (const auto* site : {"cross-site", "same-site"})
        CHECK_FALSE(from_own_pages(post({{"Sec-Fetch-Site", site}})));
    for (const auto* origin : {"null", "", "http://evil.example", "http://sede.example.es",
                               "http://sede.example.es:8081", "https://x.sede.example.es:8080",
                               "ftp://sede.example.es:8080", "http://sede.example.es:8080.evil.example"}) {
        INFO(origin);
        CHECK_FALSE(from_own_pages(post({{"Origin", origin}})));
    }
}

TEST_CASE("default ports are the same authority") {
    auto request = post({{"Origin", "https://sede.example.es"}});
    request.authority = "sede.example.es:443";
    CHECK(from_own_pages(request));
    request.authority = "SEDE.example.es";
    CHECK(from_own_pages(request));
}

TEST_CASE("cookies carry the attributes that their prefix asks for") {
    const Cookies https(true), http(false);
    CHECK(https.session() == "__Host-concejo");
    CHECK(http.session() == "concejo");
    // RFC 6265bis 4.1.3.2: __Host- needs Secure, Path=/ and no Domain.
    CHECK(https.set(https.session(), "t") == "__Host-concejo=t; Path=/; HttpOnly; SameSite=Lax; Secure");
    CHECK(http.set(http.session(), "t") == "concejo=t; Path=/; HttpOnly; SameSite=Lax");
    CHECK(http.set(http.ticket(), "t", std::chrono::minutes(5), true) ==
          "concejo-acceso=t; Path=/; HttpOnly; SameSite=Strict; Max-Age=300");
    CHECK(https.clear(https.session()).ends_with("Max-Age=0"));
}
