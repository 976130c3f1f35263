#include "gone.hpp"

#include "plugins/open-data/dcat/graph.hpp"

namespace open_data {
namespace {

bool asked_by_program(const concejo::Request& request) {
    for (const std::string_view end : {"json", "jsonl"})
        if (request.path.ends_with(end)) return true;
    const auto accepted = request.field("accept").value_or("");
    return accepted.find("json") != std::string::npos && accepted.find("text/html") == std::string::npos;
}

void tell(const concejo::Request& request, concejo::Reply& reply, const Gone& gone) {
    const Portal portal(request);
    const auto& dataset = gone.dataset;
    const bool version = !gone.version_page.empty();
    const auto title = portal.title(dataset),
               text = version ? erased_text(request, gone.at) : withdrawn_text(request, dataset),
               reason = version ? request.tr(gone.reason) : dataset.meta["withdrawn"].string_or("reason", "");
    const auto at = version ? gone.at : dataset.meta["withdrawn"].int_or("at", 0);
    reply.status(410);
    if (asked_by_program(request)) {
        reply.field("Access-Control-Allow-Origin", "*");
        auto problem = Json::object({{"type", "about:blank"},
                                     {"title", "Gone"},
                                     {"status", 410},
                                     {"detail", text + (reason.empty() ? "" : " " + reason)},
                                     {"dataset", portal.url(dataset, true)}});
        if (!reason.empty()) problem["reason"] = reason;
        if (at > 0) problem["withdrawn"] = dcat::iso(dcat::Instant(std::chrono::seconds(at)));
        return reply.body("application/problem+json", problem.dump());
    }
    reply.page("open-data/retirado",
               Json::object({{"title", title},
                             {"text", text},
                             {"reason", reason},
                             {"back_href", version ? gone.version_page : portal.url(dataset)},
                             {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                                        {request.tr("Datos abiertos"), request.url("/datos")},
                                                        {title, ""}})}}));
}

/// `day`: with its "{fecha}".
std::string gone_text(const concejo::Call& call, std::string_view text, std::string_view day,
                      std::int64_t at) {
    return at > 0 ? concejo::fill(call.tr(day), {{"fecha", call.instant(at)}}) : call.tr(text);
}

}  // namespace

std::string withdrawn_text(const concejo::Call& call, const Dataset& dataset) {
    return gone_text(call, N_("Este conjunto de datos se retiró."),
                     N_("Este conjunto de datos se retiró el {fecha}."),
                     dataset.meta["withdrawn"].int_or("at", 0));
}

std::string erased_text(const concejo::Call& call, std::int64_t at) {
    return gone_text(call, N_("El contenido de esta versión se retiró."),
                     N_("El contenido de esta versión se retiró el {fecha}."), at);
}

concejo::Handler or_gone(concejo::Handler handler) {
    return [handler = std::move(handler)](const concejo::Request& request, concejo::Reply& reply) {
        try {
            handler(request, reply);
        } catch (const Gone& gone) {
            tell(request, reply, gone);
        }
    };
}

}  // namespace open_data
