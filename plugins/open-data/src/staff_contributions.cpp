// What people have sent, as staff read it, answer it and decide whether everybody sees it.
#include "address.hpp"
#include "contributions.hpp"
#include "fields.hpp"
#include "plugins/open-data/dcat/text.hpp"
#include "resource_pages.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr const char* inbox = "/gestion/aportaciones-de-datos";
constexpr std::size_t longest_answer = 3000;

std::vector<Option> state_options(const Request& request) {
    return {{"pending", request.tr("Por leer")},
            {"shown", request.tr("Publicadas")},
            {"hidden", request.tr("No publicadas")}};
}

/// What people call it.
std::string title_of_dataset(const Portal& portal, const Contribution& c) {
    auto title = portal.text(c.dataset_title);
    return title.empty() ? c.dataset_name : title;
}

void show_inbox(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Contributions all(tx);
    auto state = request.query("estado").value_or("pending");
    if (state != "shown" && state != "hidden") state = "pending";
    const auto path = request.url(inbox);
    const auto pages = pages_of(all.count(state)), page = page_asked(request, pages);
    Json tabs = Json::array(), rows = Json::array(), table, empty;
    for (const auto& one : state_options(request))
        tabs.push_back(Json::object(
            {{"href", path + "?estado=" + one.value},
             {"label", one.label},
             {"current", one.value == state},
             {"count", one.value == "pending" ? Json(std::to_string(all.count("pending"))) : Json()}}));
    for (const auto& one : all.of_state(state, page)) {
        const auto about = one.title.empty() ? title_of_dataset(portal, one) : one.title;
        rows.push_back(Json::object(
            {{"cells",
              Json::array(
                  {Json::object({{"header", true}, {"href", path + "/" + one.id}, {"text", about}}),
                   Json::object({{"label", request.tr("Qué es")},
                                 {"text", request.tr(contribution_kind(one.kind).label)}}),
                   Json::object({{"label", request.tr("Estado")},
                                 {"text", contribution_state(request, one)},
                                 {"tone", contribution_tone(one)}}),
                   Json::object({{"label", request.tr("Recibida")},
                                 {"text", request.instant(one.created, concejo::Style::medium)}})})}}));
    }
    const auto heading = request.tr("Aportaciones al portal de datos");
    if (rows.empty())
        empty = Json::object(
            {{"heading", request.tr("No hay ninguna")},
             {"text",
              request.tr("Aquí llegan las peticiones de datos, las reutilizaciones y los comentarios.")},
             {"href", ""},
             {"label", ""}});
    else
        table = Json::object({{"id", "aportaciones"},
                              {"caption", heading},
                              {"columns", Json::array({Json::object({{"label", request.tr("Asunto")}}),
                                                       Json::object({{"label", request.tr("Qué es")}}),
                                                       Json::object({{"label", request.tr("Estado")}}),
                                                       Json::object({{"label", request.tr("Recibida")}})})},
                              {"rows", rows}});
    reply.page("open-data/gestion/aportaciones",
               Json::object(
                   {{"title", heading},
                    {"heading", heading},
                    {"breadcrumb", Json::array()},
                    {"tabs", tabs},
                    {"tabs_label", heading},
                    {"table", table},
                    {"pagination",
                     pagination_view(
                         page, pages,
                         [&](std::int64_t number) {
                             return path + query_of({{"estado", state}, {"pagina", std::to_string(number)}});
                         })},
                    {"empty", empty}}));
}

Contribution need_contribution(const Request& request, concejo::Transaction& tx) {
    auto found = Contributions(tx).find(request.segment("id"));
    if (!found)
        throw concejo::Error(concejo::ErrorKind::not_found,
                             N_("No hay ninguna aportación con esa dirección."));
    return std::move(*found);
}

void show_one_contribution(const Request& request, Reply& reply, const Contribution& c,
                           const std::vector<Wrong>& wrong) {
    Fields fields(request, wrong);
    if (c.kind == "reuse")
        fields.text("titulo", request.tr("Cómo se llama"), c.title),
            fields.text("direccion", request.tr("Dónde se ve"), c.url),
            fields.area("texto", request.tr("Qué hace, y con qué datos"), c.body);
    fields.select("decision", request.tr("Qué se hace con ella"), c.state == "hidden" ? "hidden" : "shown",
                  {{"shown", request.tr("Se publica")}, {"hidden", request.tr("No se publica")}});
    if (c.kind == "request")
        fields.select("resultado", request.tr("Qué pasa con los datos que pide"), c.outcome,
                      {{"open", request.tr("En estudio")},
                       {"planned", request.tr("Se publicará")},
                       {"done", request.tr("Los datos ya están publicados")},
                       {"declined", request.tr("No se puede publicar")}});
    fields.area("respuesta", request.tr("Respuesta"), c.answer,
                request.tr("La ve quien la envió, y todo el mundo si se publica."), true);
    const auto heading = request.tr(contribution_kind(c.kind).label);
    Json summary = Json::array();
    const auto row = [&](std::string label, const std::string& text, std::string href = {}) {
        if (!text.empty())
            summary.push_back(Json::object({{"label", std::move(label)},
                                            {"text", text},
                                            {"href", std::move(href)},
                                            {"change_href", ""}}));
    };
    row(request.tr("Estado"), contribution_state(request, c)),
        row(request.tr("Recibida"), request.instant(c.created, concejo::Style::long_)),
        row(request.tr("Asunto"), c.title);
    if (!c.dataset_name.empty())
        row(request.tr("Conjunto"), title_of_dataset(Portal(request), c),
            request.url("/datos/" + c.dataset_name));
    row(request.tr("Nombre"), c.author), row(request.tr("Texto"), c.body),
        row(request.tr("Dirección"), c.url);
    if (!wrong.empty()) reply.status(422);
    reply.page(
        "open-data/gestion/aportacion",
        Json::object(
            {{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
             {"heading", heading},
             {"errors", fields.errors()},
             {"summary", summary},
             {"fields", fields.take()},
             {"action", request.url(std::string(inbox) + "/" + c.id)},
             {"done", request.query("hecho").has_value() ? request.tr("Los cambios están guardados.")
                                                         : std::string()},
             {"breadcrumb", breadcrumb({{request.tr("Aportaciones al portal de datos"), request.url(inbox)},
                                        {heading, ""}})}}));
}

void decide_contribution(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    auto c = need_contribution(request, tx);
    std::vector<Wrong> wrong;
    const auto decision = request.form("decision").value_or(""),
               outcome = request.form("resultado").value_or("open");
    if (decision != "shown" && decision != "hidden")
        wrong.push_back({"decision", request.tr("Elija si se publica.")});
    c.answer = typed_lines(request, "respuesta", longest_answer, wrong);
    if (c.kind == "request" &&
        (outcome == "open" || outcome == "planned" || outcome == "done" || outcome == "declined"))
        c.outcome = outcome;
    if (c.kind == "reuse") {
        c.title = typed_line(request, "titulo", 200, wrong),
        c.url = typed_line(request, "direccion", 500, wrong),
        c.body = typed_lines(request, "texto", 3000, wrong);
        if (c.title.empty())
            wrong.push_back({"titulo", request.tr("Escriba cómo se llama lo que se ha hecho.")});
        if (c.body.empty()) wrong.push_back({"texto", request.tr("Escriba al menos una frase.")});
        if (!dcat::is_web_url(c.url))
            wrong.push_back({"direccion", request.tr("Escriba la dirección entera, con https://.")});
    }
    if (c.answer.empty() && (decision == "hidden" || c.outcome == "declined"))
        wrong.push_back({"respuesta", request.tr("Escriba por qué: lo verá quien la envió.")});
    if (!wrong.empty()) return show_one_contribution(request, reply, c, wrong);
    c.state = decision;
    Contributions(tx).decide(c, portal.by());
    request.audit(tx, "open-data.moderar", c.id, "ok",
                  Json::object({{"decision", c.state}, {"resultado", c.outcome}}));
    request.pages_changed(tx);
    tx.commit();
    reply.redirect(request.url(std::string(inbox) + "/" + c.id) + "?hecho=si");
}

}  // namespace

void register_staff_contributions(concejo::Kernel& kernel) {
    const concejo::RouteOptions decide{.permission = may_publish};
    kernel.staff("/aportaciones-de-datos", show_inbox, decide);
    kernel.staff(
        "/aportaciones-de-datos/:id",
        [](const Request& request, Reply& reply) {
            auto tx = request.begin();
            show_one_contribution(request, reply, need_contribution(request, tx), {});
        },
        decide);
    kernel.staff_post("/aportaciones-de-datos/:id", decide_contribution, decide);
    kernel.menu(Json::object({{"place", "staff"},
                              {"label", N_("Aportaciones al portal de datos")},
                              {"path", inbox},
                              {"order", 51},
                              {"permission", may_publish},
                              {"group", N_("Portal")},
                              {"icon", "messages"}}));
}

}  // namespace open_data
