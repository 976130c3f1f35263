#include "gone.hpp"

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
               text = version ? request.tr(gone.what()) : request.tr("Este conjunto de datos se retiró."),
               reason = version ? request.tr(gone.reason) : dataset.meta["withdrawn"].string_or("reason", "");
    reply.status(410);
    if (asked_by_program(request)) {
        reply.field("Access-Control-Allow-Origin", "*");
        return reply.body("application/problem+json",
                          Json::object({{"type", "about:blank"},
                                        {"title", "Gone"},
                                        {"status", 410},
                                        {"detail", text + (reason.empty() ? "" : " " + reason)},
                                        {"dataset", portal.url(dataset, true)}})
                              .dump());
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

}  // namespace

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
