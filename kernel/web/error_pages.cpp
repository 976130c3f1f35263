#include "kernel/web/error_pages.hpp"

#include "kernel/base/log.hpp"
#include "kernel/web/language.hpp"
#include "kernel/web/security.hpp"

#include <concejo/error.hpp>
#include <concejo/escape.hpp>

#include <fmt/format.h>

namespace kernel::web {

using concejo::Json;

namespace {

/// The template that speaks for a status; those without one of their own borrow the nearest.
int template_of(int status) {
    switch (status) {
        case 400:
        case 403:
        case 404:
        case 405:
        case 409:
        case 413:
        case 429:
        case 500:
        case 503:
            return status;
        case 401:
            return 403;
        case 410:
            return 404;
        case 422:
            return 409;
        case 507:
            return 503;
        default:
            return status >= 500 ? 500 : 400;
    }
}

/// The template's own heading, which is in the base theme's catalog.
const char* title_of(int shown) {
    switch (shown) {
        case 403:
            return "No tiene permiso para ver esta página";
        case 404:
            return "No encontramos esta página";
        case 405:
            return "Esa operación no se puede hacer aquí";
        case 409:
            return "Los datos han cambiado mientras tanto";
        case 413:
            return "El envío es demasiado grande";
        case 429:
            return "Demasiadas peticiones en poco tiempo";
        case 500:
            return "Ha fallado algo en nuestro sistema";
        case 503:
            return "El servicio no está disponible ahora";
        default:
            return "La petición no es correcta";
    }
}

/// The language whose documents a program was after: an address that ends so, or the only thing it accepts.
bool asks_for_json(const http::Request& request) {
    const std::string_view path = request.path;
    for (const std::string_view end : {".json", ".jsonld", ".geojson", ".ndjson"})
        if (path.ends_with(end)) return true;
    const auto accepted = request.field("accept");
    return accepted.find("json") != accepted.npos && accepted.find("text/html") == accepted.npos;
}

}  // namespace

bool ErrorPages::for_programs(const Visit& visit) {
    if (visit.address.kind == plugins::RouteKind::api) return true;
    return visit.address.kind == plugins::RouteKind::bare && asks_for_json(visit.asked());
}

http::Response ErrorPages::problem(int status, std::string_view detail, std::string_view request_id) {
    auto body =
        Json::object({{"type", "about:blank"}, {"title", http::reason_phrase(status)}, {"status", status}});
    if (!detail.empty()) body["detail"] = detail;
    body["request_id"] = request_id;
    return {status, "application/problem+json", body.dump()};
}

http::Response ErrorPages::answer(Visit& visit, int status, std::string_view detail,
                                  std::string_view lang) const {
    auto response = [&] {
        if (for_programs(visit)) return problem(status, detail, visit.request_id);
        try {
            const int shown = template_of(status);
            const auto management = plugins::RouteKind::staff;
            const auto view =
                Json::object({{"title", pages_.say(visit.language, title_of(shown))},
                              {"status", status},
                              {"management_href",
                               visit.session ? Json(write_address(management, visit.language, "/")) : Json()},
                              {"detail", detail.empty() ? Json() : Json(detail)},
                              {"detail_lang", lang.empty() || lang == visit.language ? Json() : Json(lang)},
                              {"request_id", visit.request_id},
                              // an address that answers an error is not one to be found by
                              {"canonical", nullptr},
                              {"alternates", Json::array()},
                              {"x_default", nullptr}});
            visit.staff_layout = false;
            return http::Response(status, "text/html; charset=utf-8",
                                  pages_.own_page(visit, fmt::format("errors/{}", shown), view));
        } catch (const concejo::Error& error) {
            base::log_error({"web", visit.place().config.slug, {}, visit.request_id},
                            "la página de error no se puede componer",
                            Json::object({{"error", error.what()}}));
            return plain(status, visit.request_id);
        }
    }();
    response.set("Cache-Control", "no-store");
    if (status == 503) response.set("Retry-After", "30");
    response.tenant = visit.place().config.slug;
    protect(response, secure_);
    return response;
}

http::Response ErrorPages::misdirected(const http::Request* request) const {
    static const std::vector<std::string> every(i18n::languages.begin(), i18n::languages.end());
    http::Response response;
    try {
        const auto language = request ? negotiate(*request, every) : "es";
        response = {421, "text/html; charset=utf-8", pages_.neutral(language, "errors/421")};
    } catch (const concejo::Error&) {
        response = plain(421, {});
    }
    response.set("Cache-Control", "no-store");
    protect(response, secure_);
    return response;
}

http::Response ErrorPages::plain(int status, std::string_view request_id) const {
    auto body = fmt::format(
        "<!doctype html>\n<html lang=\"es\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\">"
        "<title>{0} {1}</title></head><body><main><h1>{0} {1}</h1><p>{2}</p>",
        status, http::reason_phrase(status), title_of(template_of(status)));
    if (!request_id.empty())
        body += fmt::format("<p>Referencia: <code>{}</code></p>", concejo::escape_html(request_id));
    http::Response response(status, "text/html; charset=utf-8", body + "</main></body></html>\n");
    response.set("Cache-Control", "no-store");
    protect(response, secure_);
    return response;
}

}  // namespace kernel::web
