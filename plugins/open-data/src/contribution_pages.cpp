// Requests of data, reuses and comments as people send and see them.
#include "address.hpp"
#include "contributions.hpp"
#include "fields.hpp"
#include "plugins/open-data/dcat/text.hpp"
#include "resource_pages.hpp"

namespace open_data {
namespace {

using concejo::Call;
using concejo::fill;
using concejo::Reply;
using concejo::Request;

constexpr std::size_t longest_title = 200, longest_body = 3000, longest_link = 500, longest_author = 100;

/// Where one of that kind is written; of comments, on the dataset's page.
std::string form_path(const Request& request, const ContributionKind& kind) {
    if (std::string_view(kind.kind) == "comment")
        return request.url("/datos/" + request.segment("name") + kind.path);
    return request.url(std::string(kind.path) + "/nueva");
}

/// What it lacks, for `wrong`.
void look_at(const Request& request, const Contribution& c, std::vector<Wrong>& wrong) {
    const bool titled = c.kind != "comment";
    if (titled && c.title.empty())
        wrong.push_back({"titulo", c.kind == "request"
                                       ? request.tr("Escriba qué datos pide.")
                                       : request.tr("Escriba cómo se llama lo que se ha hecho.")});
    if (c.body.size() < 10) wrong.push_back({"texto", request.tr("Escriba al menos una frase.")});
    if (c.kind == "reuse" && !dcat::is_web_url(c.url))
        wrong.push_back({"direccion", request.tr("Escriba la dirección entera, con https://.")});
}

Contribution contribution_sent(const Request& request, const ContributionKind& kind,
                               std::vector<Wrong>& wrong) {
    Contribution c;
    c.kind = kind.kind;
    c.title = typed_line(request, "titulo", longest_title, wrong),
    c.body = typed_lines(request, "texto", longest_body, wrong);
    c.url = typed_line(request, "direccion", longest_link, wrong),
    c.author = typed_line(request, "nombre", longest_author, wrong);
    look_at(request, c, wrong);
    return c;
}

Json form_fields(const Request& request, const Contribution& c, Fields& fields) {
    if (c.kind == "request")
        fields.text("titulo", request.tr("Qué datos pide"), c.title,
                    request.tr("Por ejemplo: los aforos de tráfico de cada calle."));
    if (c.kind == "reuse")
        fields.text("titulo", request.tr("Cómo se llama"), c.title),
            fields.text("direccion", request.tr("Dónde se ve"), c.url,
                        request.tr("La dirección entera, con https://."));
    fields.area(
        "texto",
        c.kind == "request" ? request.tr("Para qué los necesita")
        : c.kind == "reuse" ? request.tr("Qué hace, y con qué datos")
                            : request.tr("Su comentario"),
        c.body,
        request.tr(
            "Se publica después de que alguien lo lea. No escriba datos personales, ni suyos ni de otros."));
    fields.text("nombre", request.tr("Con qué nombre se publica"), c.author,
                request.tr("Puede dejarlo en blanco."), true);
    return fields.take();
}

void show_form(const Request& request, Reply& reply, const ContributionKind& kind, const Contribution& c,
               const std::vector<Wrong>& wrong) {
    Fields fields(request, wrong);
    const auto heading = request.tr(kind.send);
    const bool comment = c.kind == "comment";
    if (!wrong.empty()) reply.status(422);
    const auto back = comment ? request.url("/datos/" + request.segment("name")) : request.url(kind.path);
    const auto about = Portal(request).text(c.dataset_title);
    reply.page("open-data/aportar",
               Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
                             {"heading", heading},
                             {"about", about},
                             {"errors", fields.errors()},
                             {"action", form_path(request, kind)},
                             {"fields", form_fields(request, c, fields)},
                             {"back_href", back},
                             {"state_href", request.url("/peticiones-de-datos/estado")},
                             {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                                        {request.tr("Datos abiertos"), request.url("/datos")},
                                                        {heading, ""}})}}));
}

/// The dataset of a comment, which has to be one that everybody sees.
void name_dataset(const Request& request, concejo::Transaction& tx, Contribution& c) {
    if (c.kind != "comment") return;
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(Portal(request), catalogue, request.segment("name"));
    if (!dataset.visible())
        throw concejo::Error(concejo::ErrorKind::not_found,
                             N_("No hay ningún conjunto de datos con esa dirección."));
    c.dataset = dataset.id, c.dataset_title = dataset.meta["title"];
}

void ask(const Request& request, Reply& reply, const ContributionKind& kind) {
    Contribution empty;
    empty.kind = kind.kind;
    auto tx = request.begin();
    name_dataset(request, tx, empty);
    show_form(request, reply, kind, empty, {});
}

void receive(const Request& request, Reply& reply, const ContributionKind& kind) {
    std::vector<Wrong> wrong;
    auto c = contribution_sent(request, kind, wrong);
    auto tx = request.begin();
    name_dataset(request, tx, c);
    if (!wrong.empty()) return show_form(request, reply, kind, c, wrong);
    const auto code = Contributions(tx).add(c);
    if (!code) {
        show_form(request, reply, kind, c,
                  {{"texto", request.tr("Han llegado más mensajes de los que se pueden leer. Inténtelo "
                                        "mañana, o diríjase al Ayuntamiento.")}});
        reply.status(503);
        return;
    }
    tx.commit();
    reply.redirect(request.url("/peticiones-de-datos/estado") + "?codigo=" + *code + "&recibida=si");
}

Json contribution_item(const Request& request, const Contribution& c) {
    const auto by = c.author.empty() ? request.tr("Sin nombre") : c.author;
    return Json::object({{"title", c.title.empty() ? by : c.title},
                         {"body", c.body},
                         {"url", c.url},
                         {"author", c.title.empty() ? std::string() : c.author},
                         {"answer", c.answer},
                         {"date", request.instant(c.created, concejo::Style::long_)},
                         {"state", c.kind == "request" ? contribution_state(request, c) : std::string()},
                         {"tone", contribution_tone(c)}});
}

/// `path`: its address; `dataset`: of which one, by its id; empty: of all.
void show_list(const Request& request, Reply& reply, concejo::Transaction& tx, const ContributionKind& kind,
               const std::string& heading, const std::string& about, const std::string& path,
               const std::string& dataset = {}) {
    Contributions all(tx);
    Json items = Json::array();
    const auto pages = pages_of(all.count_shown(kind.kind, dataset)), page = page_asked(request, pages);
    for (const auto& one : all.shown(kind.kind, page, dataset))
        items.push_back(contribution_item(request, one));
    Json empty;
    if (items.empty())
        empty = Json::object({{"heading", request.tr("Todavía no hay ninguna")},
                              {"text", request.tr("La primera puede ser la suya.")},
                              {"href", ""},
                              {"label", ""}});
    reply.page(
        "open-data/aportaciones",
        Json::object(
            {{"title", heading},
             {"heading", heading},
             {"about", about},
             {"items", items},
             {"pagination", pagination_view(page, pages,
                                            [&](std::int64_t number) {
                                                return path + query_of({{"pagina", std::to_string(number)}});
                                            })},
             {"empty", empty},
             {"send_href", form_path(request, kind)},
             {"send", request.tr(kind.send)},
             {"state_href", request.url("/peticiones-de-datos/estado")},
             {"catalogue_href", request.url("/datos")},
             {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                        {request.tr("Datos abiertos"), request.url("/datos")},
                                        {heading, ""}})}}));
}

/// All that was said of a dataset; its page has the latest.
void show_comments(const Request& request, Reply& reply) {
    const auto& kind = contribution_kind("comment");
    const Portal portal(request);
    auto tx = request.begin();
    Contribution about;
    about.kind = kind.kind;
    name_dataset(request, tx, about);
    const auto page = request.url("/datos/" + request.segment("name"));
    if (Contributions(tx).count_shown(kind.kind, about.dataset) == 0) return reply.redirect(page);
    show_list(request, reply, tx, kind, request.tr("Comentarios"), portal.text(about.dataset_title),
              page + "/comentarios", about.dataset);
}

Json state_view(const Request& request, const Contribution& c) {
    return Json::object({{"kind", request.tr(contribution_kind(c.kind).label)},
                         {"title", c.title},
                         {"body", c.body},
                         {"state", contribution_state(request, c)},
                         {"tone", contribution_tone(c)},
                         {"answer", c.answer},
                         {"date", request.instant(c.created, concejo::Style::long_)}});
}

void show_contribution_state(const Request& request, Reply& reply) {
    auto code = clean_line(request.query("codigo").value_or(""), 40);
    for (auto& letter : code)
        letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    auto tx = request.begin();
    const auto found = code.empty() ? std::nullopt : Contributions(tx).by_code(code);
    std::vector<Wrong> wrong;
    if (!code.empty() && !found)
        wrong.push_back(
            {"codigo", request.tr("No hay nada con ese código. Compruebe que lo ha copiado entero.")}),
            reply.status(404);
    Fields fields(request, wrong);
    fields.text("codigo", request.tr("El código que se le dio al enviarla"), code);
    const auto heading = request.tr("Cómo va lo que envié");
    const bool fresh = found && request.query("recibida").has_value();
    reply.page(
        "open-data/aportacion",
        Json::object(
            {{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
             {"heading", heading},
             {"errors", fields.errors()},
             {"fields", fields.take()},
             {"action", request.url("/peticiones-de-datos/estado")},
             {"confirmation",
              fresh ? Json::object(
                          {{"heading", request.tr("Recibido. Gracias.")},
                           {"text", request.tr("Alguien lo leerá. Guarde este código para saber cómo va:")},
                           {"reference_label", ""},
                           {"reference", found->code}})
                    : Json()},
             {"found", found ? state_view(request, *found) : Json()},
             {"catalogue_href", request.url("/datos")},
             {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                        {request.tr("Datos abiertos"), request.url("/datos")},
                                        {heading, ""}})}}));
}

}  // namespace

void register_contributions(concejo::Kernel& kernel) {
    const concejo::RouteOptions open{.permission = {}, .cached = true},
        written{.permission = {}, .body_limit = 64 << 10};
    const auto serve = [&](const char* name, const std::string& pattern) {
        const auto& kind = contribution_kind(name);
        kernel.page(pattern, [&kind](const Request& request, Reply& reply) { ask(request, reply, kind); });
        kernel.page_post(
            pattern, [&kind](const Request& request, Reply& reply) { receive(request, reply, kind); },
            written);
    };
    serve("request", "/peticiones-de-datos/nueva");
    serve("reuse", "/reutilizaciones/nueva");
    serve("comment", "/datos/:name/comentar");
    kernel.page("/datos/:name/comentarios", show_comments, open);
    kernel.page("/peticiones-de-datos/estado", show_contribution_state);
    kernel.page(
        "/peticiones-de-datos",
        [](const Request& request, Reply& reply) {
            auto tx = request.begin();
            const auto& kind = contribution_kind("request");
            show_list(request, reply, tx, kind, request.tr("Peticiones de datos"),
                      request.tr("Datos que alguien ha pedido al municipio, y lo que se le ha contestado."),
                      request.url(kind.path));
        },
        open);
    kernel.page(
        "/reutilizaciones",
        [](const Request& request, Reply& reply) {
            auto tx = request.begin();
            const auto& kind = contribution_kind("reuse");
            show_list(request, reply, tx, kind, request.tr("Reutilizaciones"),
                      request.tr("Lo que se ha hecho con los datos del municipio."), request.url(kind.path));
        },
        open);
}

}  // namespace open_data
