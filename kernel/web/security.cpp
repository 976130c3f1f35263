#include "kernel/web/security.hpp"

namespace kernel::web {
namespace {

constexpr std::string_view page_policy =
    "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; object-src 'none'";
constexpr std::string_view picture_policy =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
// A viewer inside the browser must still be able to show a PDF: nothing but framing is said of it.
constexpr std::string_view file_policy = "frame-ancestors 'none'";
constexpr std::string_view permissions =
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(self), usb=(), "
    "browsing-topics=()";

void if_absent(http::Response& response, std::string_view name, std::string_view value) {
    if (response.field(name).empty()) response.add(name, value);
}

/// "sede.example.es:443" -> "sede.example.es" for https, and so for http and 80.
std::string_view without_default_port(std::string_view authority, bool https) {
    const std::string_view port = https ? ":443" : ":80";
    if (authority.ends_with(port)) authority.remove_suffix(port.size());
    return authority;
}

}  // namespace

void protect(http::Response& response, bool secure) {
    const auto type = response.field("content-type");
    const bool picture = type.starts_with("image/");
    const bool file = type.starts_with("application/pdf") || type.starts_with("application/octet-stream");
    response.set("Content-Security-Policy", picture ? picture_policy : file ? file_policy : page_policy);
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Permissions-Policy", permissions);
    response.set("Cross-Origin-Opener-Policy", "same-origin");
    if_absent(response, "Referrer-Policy", "strict-origin-when-cross-origin");
    if_absent(response, "Cross-Origin-Resource-Policy",
              response.field("access-control-allow-origin").empty() ? "same-origin" : "cross-origin");
    if (secure) response.set("Strict-Transport-Security", "max-age=31536000");
}

bool from_own_pages(const http::Request& request) {
    const auto site = request.field("sec-fetch-site");
    if (!site.empty() && site != "same-origin" && site != "none") return false;
    if (!request.has_field("origin")) return true;
    const auto origin = request.field("origin");
    const bool https = origin.starts_with("https://");
    if (!https && !origin.starts_with("http://")) return false;
    // The scheme is not compared: behind a proxy that ends TLS, ours may differ from what the browser sees.
    return http::same_name(without_default_port(origin.substr(https ? 8 : 7), https),
                           without_default_port(request.authority, https));
}

bool changes_state(const http::Request& request) {
    return request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
}

}  // namespace kernel::web
