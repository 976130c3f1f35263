#include "kernel/web/own_pages.hpp"

#include "kernel/http/addresses.hpp"

namespace kernel::web {

using concejo::Json;

bool OwnPages::unlimited(const http::Request& request) const {
    http::Address address;
    return !limit_loopback && http::Address::parse(request.peer, address) && address.is_loopback();
}

std::string OwnPages::client_of(const http::Request& request) {
    http::Address address;
    return http::Address::parse(request.peer, address) ? address.client_key() : request.peer;
}

Entry own_entry(plugins::RouteKind kind, std::string method, std::string pattern, OwnHandler handler) {
    Entry entry;
    entry.kind = kind;
    entry.method = std::move(method);
    entry.pattern = std::move(pattern);
    entry.own = std::move(handler);
    return entry;
}

http::Response html(std::string text, int status) {
    return {status, "text/html; charset=utf-8", std::move(text)};
}

http::Response see_other(std::string_view location) {
    http::Response response(303);
    response.set("Location", location);
    response.set("Cache-Control", "no-store");
    return response;
}

Json form_errors(const std::string& heading, std::string_view field, const std::string& text) {
    return Json::object(
        {{"heading", heading}, {"items", Json::array({Json::object({{"field", field}, {"text", text}})})}});
}

}  // namespace kernel::web
