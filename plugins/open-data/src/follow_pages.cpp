// Following data by mail: asking, confirming, leaving. Whoever asks hears the same whether an address follows
// already or not.
#include "address.hpp"
#include "fields.hpp"
#include "following.hpp"
#include "metadata.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"

namespace open_data {
namespace {

using concejo::fill;
using concejo::Reply;
using concejo::Request;

constexpr const char* follow_base = "/seguir-datos";

Json follow_trail(const Request& request, const std::string& heading) {
    return breadcrumb({{request.tr("Inicio"), request.url("/")},
                       {request.tr("Datos abiertos"), request.url("/datos")},
                       {heading, ""}});
}

/// A page of the steps: what it says, and the form that goes on, where there is one.
Json follow_step(const Request& request, const std::string& heading, const std::vector<std::string>& said) {
    Json paragraphs = Json::array();
    for (const auto& one : said) paragraphs.push_back(one);
    return Json::object({{"title", heading},
                         {"heading", heading},
                         {"paragraphs", paragraphs},
                         {"breadcrumb", follow_trail(request, heading)},
                         {"errors", Json()},
                         {"fields", Json::array()},
                         {"action", ""},
                         {"button", ""},
                         {"legal", Json()},
                         {"back_href", request.url("/datos")},
                         {"back", request.tr("Volver al catálogo")}});
}

/// What the law wants said where an address is asked for (RGPD, article 13).
Json follow_legal(const Portal& portal) {
    const auto& call = portal.call;
    const auto& legal = portal.municipality["legal"];
    auto responsible = legal["privacy"].string_or("responsible", "");
    if (responsible.empty()) responsible = legal.string_or("holder", "");
    if (responsible.empty()) responsible = portal.municipality.string_or("name", "");
    Json rows = Json::array();
    const auto add = [&](std::string label, std::string text) {
        rows.push_back(Json::object({{"label", std::move(label)}, {"text", std::move(text)}}));
    };
    add(call.tr("Responsable"), responsible);
    add(call.tr("Para qué"), call.tr("Solo para enviarle las novedades que pide."));
    add(call.tr("Con qué base"),
        call.tr(
            "Su consentimiento (artículo 6.1.a del Reglamento General de Protección de Datos), que retira "
            "cuando quiera con el enlace de cada correo."));
    add(call.tr("Cuánto tiempo"),
        call.tr("Mientras siga algo. Si no confirma, la dirección se borra a las 48 horas; si lo deja, en el "
                "acto."));
    add(call.tr("A quién se comunica"),
        call.tr("A nadie. Solo se cuenta cuántas personas siguen cada cosa."));
    return Json::object({{"rows", rows}, {"href", call.url("/privacidad")}});
}

bool of_one_dataset(const Request& request) { return !request.segment("name").empty(); }

/// The dataset of the address, or what the form of the catalogue says; a sector that there is not is nothing.
std::optional<Followed> follow_asked(const Request& request, const Portal& portal, Catalogue& catalogue) {
    if (of_one_dataset(request)) {
        const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
        if (!dataset.visible())
            throw concejo::Error(concejo::ErrorKind::not_found,
                                 N_("No hay ningún conjunto de datos con esa dirección."));
        return Followed{"dataset", dataset.id};
    }
    const auto sector = request.form("que").value_or(request.query("sector").value_or(""));
    if (sector.empty()) return Followed{"catalogue", ""};
    if (const auto* known = dcat::find_sector(sector))
        return Followed{"sector", std::string(known->term.code())};
    return std::nullopt;
}

std::vector<Option> follow_choices(const Portal& portal) {
    std::vector<Option> all{{"", portal.call.tr("Todo el catálogo: cada conjunto de datos nuevo")}};
    for (const auto& one : dcat::sectors())
        all.push_back(
            {std::string(one.term.code()), fill(portal.call.tr("Los conjuntos nuevos de «{sector}»"),
                                                {{"sector", label_of(portal, one.term)}})});
    return all;
}

void show_no_mail(const Request& request, Reply& reply, const std::string& heading, int status) {
    reply.status(status);
    reply.page("open-data/seguir",
               follow_step(request, heading,
                           {request.tr("Este portal no envía correos por ahora. Puede seguir las "
                                       "novedades con un lector de Atom, desde el catálogo.")}));
}

void show_follow_form(const Request& request, Reply& reply, const Portal& portal, Catalogue& catalogue,
                      const Followed& what, const std::vector<Wrong>& wrong) {
    const bool dataset = what.kind == "dataset";
    const auto heading = dataset ? request.tr("Seguir estos datos por correo electrónico")
                                 : request.tr("Recibir por correo electrónico lo que se publique");
    if (!offers_following(portal)) return show_no_mail(request, reply, heading, 200);
    Fields fields(request, wrong);
    if (!dataset) fields.select("que", request.tr("Qué quiere seguir"), what.object, follow_choices(portal));
    fields.mail("correo", request.tr("Su correo electrónico"), request.form("correo").value_or(""));
    const auto title = followed_title(portal, catalogue, what);
    const bool daily = portal.settings.string_or("seguimiento", "diario") == "diario";
    auto view = follow_step(
        request, heading,
        {dataset ? fill(request.tr("Le escribiremos cuando «{titulo}» tenga una versión nueva o se retire."),
                        {{"titulo", title}})
                 : request.tr("Le escribiremos cuando se publiquen conjuntos de datos nuevos."),
         daily ? request.tr("Como mucho un correo al día, con todas las novedades juntas.")
               : request.tr("En cuanto haya novedades.")});
    if (!wrong.empty()) view["title"] = request.tr("Error") + ": " + heading;
    view["errors"] = fields.errors(), view["fields"] = fields.take();
    view["action"] =
        dataset ? request.url("/datos/" + request.segment("name") + "/seguir") : request.url(follow_base);
    view["button"] = request.tr("Seguir"), view["legal"] = follow_legal(portal);
    if (dataset) {
        view["back_href"] = request.url("/datos/" + request.segment("name"));
        view["back"] = request.tr("Volver sin seguir");
    }
    reply.page("open-data/seguir", view);
}

void ask_to_follow(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto what = follow_asked(request, portal, catalogue).value_or(Followed{"catalogue", ""});
    show_follow_form(request, reply, portal, catalogue, what, {});
}

void mail_follow_link(const Request& request, const Portal& portal, concejo::Transaction& tx,
                      const std::string& address, const std::string& token, const std::string& title) {
    request.send_mail(
        tx,
        Json::object(
            {{"to", Json::array({Json(address)})},
             {"template", "open-data/correo_confirmar"},
             {"language", portal.language},
             {"view",
              Json::object({{"what", clean_line(title, 300)},
                            {"href", request.url(std::string(follow_base) + "/confirmar/" + token, true)}})},
             {"unsubscribe", portal.home() + "/datos/baja/" + token},
             {"forget", true}}));
}

void receive_follow(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto what = follow_asked(request, portal, catalogue);
    const auto shown = what.value_or(Followed{"catalogue", ""});
    if (!offers_following(portal))
        return show_no_mail(request, reply, request.tr("Seguir estos datos por correo electrónico"), 503);
    const auto address = mail_address(clean_line(request.form("correo").value_or(""), 300));
    std::vector<Wrong> wrong;
    if (!what) wrong.push_back({"que", request.tr("Elija qué quiere seguir.")});
    if (!address)
        wrong.push_back({"correo", request.tr("Escriba una dirección de correo, como nombre@ejemplo.es.")});
    if (!wrong.empty()) {
        reply.status(422);
        return show_follow_form(request, reply, portal, catalogue, shown, wrong);
    }
    Followings followings(tx);
    const auto made = followings.ask(*address, portal.language, *what);
    if (made.asked == Followings::Asked::full) {
        show_follow_form(
            request, reply, portal, catalogue, *what,
            {{"correo", request.tr("Han llegado más peticiones de las que se pueden atender. Inténtelo "
                                   "dentro de una hora.")}});
        reply.status(503);
        return;
    }
    if (made.asked == Followings::Asked::taken)
        mail_follow_link(request, portal, tx, *address, made.token, followed_title(portal, catalogue, *what));
    tx.commit();
    reply.redirect(request.url(std::string(follow_base) + "/enviado"));
}

void show_follow_sent(const Request& request, Reply& reply) {
    reply.page("open-data/seguir",
               follow_step(
                   request, request.tr("Mire su correo"),
                   {request.tr("Si esa dirección existe, en unos minutos recibirá un mensaje. Abra su enlace "
                               "antes de 48 horas: hasta entonces no le enviaremos nada más."),
                    request.tr("Si no llega en unos minutos, mire entre el correo no deseado y compruebe que "
                               "escribió bien la dirección. A cada dirección se le escribe unas pocas veces "
                               "hasta que confirma.")}));
}

void show_dead_follow_link(const Request& request, Reply& reply) {
    reply.status(404);
    reply.page("open-data/seguir",
               follow_step(
                   request, request.tr("Ese enlace ya no vale"),
                   {request.tr("Cada enlace sirve una vez y durante 48 horas. Si ya lo había usado, no tiene "
                               "que hacer nada; si no, vuelva a pedirlo en la página de los datos.")}));
}

void ask_to_confirm(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto token = request.segment("token");
    const auto what = Followings(tx).asked(token);
    const auto title = what ? followed_title(portal, catalogue, *what) : std::string();
    if (title.empty()) return show_dead_follow_link(request, reply);
    auto view = follow_step(request, request.tr("Confirme que quiere seguir estos datos"), {title});
    view["action"] = request.url(std::string(follow_base) + "/confirmar/" + token);
    view["button"] = request.tr("Sí, seguir");
    reply.page("open-data/seguir", view);
}

void confirm_following(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    Followings followings(tx);
    const auto token = request.segment("token");
    const auto what = followings.asked(token);
    if (!what || followed_title(portal, catalogue, *what).empty())
        return show_dead_follow_link(request, reply);
    const auto follower = followings.confirm(token);
    if (!follower) return show_dead_follow_link(request, reply);
    tx.commit();
    reply.redirect(request.url(std::string(follow_base) + "/lista/" + follower->key) + "?hecho=si");
}

void show_followed(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    Followings followings(tx);
    const auto follower = followings.by_key(request.segment("clave"));
    if (!follower) return show_dead_follow_link(request, reply);
    Json items = Json::array();
    for (const auto& one : followings.of(*follower)) {
        const auto title = followed_title(portal, catalogue, one);
        items.push_back(
            Json::object({{"title", title.empty() ? request.tr("Datos que ya no se publican") : title},
                          {"what", one.kind + ":" + one.object}}));
    }
    const auto heading = request.tr("Lo que sigue por correo electrónico");
    reply.page("open-data/seguimiento",
               Json::object({{"title", heading},
                             {"heading", heading},
                             {"fresh", request.query("hecho").has_value()},
                             {"items", items},
                             {"action", request.url(std::string(follow_base) + "/lista/" + follower->key)},
                             {"catalogue_href", request.url("/datos")},
                             {"breadcrumb", follow_trail(request, heading)}}));
}

void leave_following(const Request& request, Reply& reply) {
    auto tx = request.begin();
    Followings followings(tx);
    const auto follower = followings.by_key(request.segment("clave"));
    const auto what = request.form("que").value_or("");
    if (follower) {
        const auto colon = what.find(':');
        if (what == "todo")
            followings.leave_all(*follower);
        else if (colon != what.npos)
            followings.leave(*follower, {what.substr(0, colon), what.substr(colon + 1)});
    }
    const bool stays = follower && followings.by_key(follower->key);
    tx.commit();
    reply.redirect(stays ? request.url(std::string(follow_base) + "/lista/" + follower->key)
                         : request.url(std::string(follow_base) + "/baja"));
}

void show_follow_left(const Request& request, Reply& reply) {
    reply.page(
        "open-data/seguir",
        follow_step(
            request, request.tr("Ya no recibirá correos"),
            {request.tr("Su dirección se ha borrado. Puede volver a seguir los datos cuando quiera.")}));
}

/// What List-Unsubscribe names (RFC 8058): mail programs post there with no cookie and no page before, so its
/// secret is all there is to know. People who follow it get their list.
void show_following_end(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto follower = Followings(tx).by_key(request.segment("clave"));
    const Portal portal(request);
    const auto language = follower ? follower->language : portal.language;
    reply.redirect("/" + language + follow_base +
                   (follower ? "/lista/" + follower->key : std::string("/baja")));
}

void end_following(const Request& request, Reply& reply) {
    auto tx = request.begin();
    Followings(tx).end(request.segment("clave"));
    tx.commit();
    reply.body("text/plain; charset=utf-8", request.tr("Ya no recibirá correos") + "\n");
}

}  // namespace

void register_following(concejo::Kernel& kernel) {
    const concejo::RouteOptions written{.permission = {}, .body_limit = 16 << 10};
    kernel.page("/datos/:name/seguir", ask_to_follow);
    kernel.page_post("/datos/:name/seguir", receive_follow, written);
    kernel.page(follow_base, ask_to_follow);
    kernel.page_post(follow_base, receive_follow, written);
    const std::string under = follow_base;
    kernel.page(under + "/enviado", show_follow_sent);
    kernel.page(under + "/confirmar/:token", ask_to_confirm);
    kernel.page_post(under + "/confirmar/:token", confirm_following, written);
    kernel.page(under + "/lista/:clave", show_followed);
    kernel.page_post(under + "/lista/:clave", leave_following, written);
    kernel.page(under + "/baja", show_follow_left);
    kernel.bare("GET", "/datos/baja/:clave", show_following_end);
    kernel.bare("POST", "/datos/baja/:clave", end_following, written);
}

}  // namespace open_data
