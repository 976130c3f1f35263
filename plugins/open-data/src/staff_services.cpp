// The data services as staff describe, publish and withdraw them.
#include "meta_fields.hpp"
#include "plugins/open-data/dcat/text.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "save_dataset.hpp"
#include "service.hpp"
#include "staff.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr const char* desk = "/gestion/servicios-de-datos";
constexpr std::size_t longest_service_address = 1000, most_datasets = 2000;

std::string desk_of(const Request& request, const Service& service) {
    return request.url(std::string(desk) + "/" + service.name);
}

std::string service_state(const concejo::Call& call, const Service& service) {
    return service.state == State::published   ? call.tr("Publicado")
           : service.state == State::withdrawn ? call.tr("Retirado")
                                               : call.tr("Borrador");
}

const char* service_tone(const Service& service) {
    return service.state == State::published ? "ok" : service.state == State::withdrawn ? "err" : "warn";
}

void note_step(const Request& request, concejo::Transaction& tx, const Service& service, const char* step) {
    request.audit(tx, "open-data.servicio", service.id, "ok",
                  Json::object({{"nombre", service.name}, {"paso", step}}));
}

Json trail(const Request& request, const std::string& last) {
    return breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)},
                       {request.tr("Servicios de datos"), request.url(desk)},
                       {last, ""}});
}

void list_services(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Json rows = Json::array(), table, empty;
    for (const auto& one : Services(tx).list({State::draft, State::published, State::withdrawn})) {
        const auto* kind = service_kind(one.kind);
        rows.push_back(Json::object(
            {{"cells", Json::array({Json::object({{"header", true},
                                                  {"href", desk_of(request, one)},
                                                  {"text", service_title(portal, one)}}),
                                    Json::object({{"label", request.tr("Estado")},
                                                  {"text", service_state(request, one)},
                                                  {"tone", service_tone(one)}}),
                                    Json::object({{"label", request.tr("Tipo de servicio")},
                                                  {"text", kind ? request.tr(kind->label) : one.kind}}),
                                    Json::object({{"label", request.tr("Conjuntos de datos")},
                                                  {"text", std::to_string(one.datasets.size())},
                                                  {"numeric", true}})})}}));
    }
    const auto heading = request.tr("Servicios de datos"), fresh = request.url(std::string(desk) + "/nuevo");
    if (rows.empty())
        empty =
            Json::object({{"heading", request.tr("No hay ningún servicio de datos")},
                          {"text", request.tr("La API de este portal está siempre en el catálogo. Aquí se "
                                              "describen los otros: el visor de mapas, el transporte…")},
                          {"href", fresh},
                          {"label", request.tr("Nuevo servicio de datos")}});
    else
        table = Json::object(
            {{"id", "servicios"},
             {"caption", heading},
             {"columns",
              Json::array({Json::object({{"label", request.tr("Servicio")}}),
                           Json::object({{"label", request.tr("Estado")}}),
                           Json::object({{"label", request.tr("Tipo de servicio")}}),
                           Json::object({{"label", request.tr("Conjuntos de datos")}, {"numeric", true}})})},
             {"rows", rows}});
    reply.page(
        "open-data/gestion/servicios",
        Json::object({{"title", heading},
                      {"heading", heading},
                      {"breadcrumb",
                       breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)}, {heading, ""}})},
                      {"done", request.query("hecho") ? request.tr("El borrador está borrado.") : ""},
                      {"new_href", fresh},
                      {"table", table},
                      {"empty", empty}}));
}

/// "tipo" and "direccion".
void add_endpoint(const Request& request, Fields& fields, const std::string& kind,
                  const std::string& endpoint) {
    std::vector<Option> kinds{{"", request.tr("Elija…")}};
    for (const auto& one : service_kinds()) kinds.push_back({one.code, request.tr(one.label)});
    fields.select("tipo", request.tr("Tipo de servicio"), typed_in(request, "tipo", kind), kinds);
    fields.text("direccion", request.tr("Dirección del servicio"), typed_in(request, "direccion", endpoint),
                request.tr("La que usan los programas, entera, con https://."));
}

std::string given_address(const Request& request, const char* field) {
    return clean_line(request.form(field).value_or(""), std::string::npos);
}

void check_address(const Request& request, const char* field, std::vector<Wrong>& wrong) {
    const auto given = typed_line(request, field, longest_service_address, wrong);
    if (!given.empty() && !dcat::is_web_url(given))
        wrong.push_back({field, concejo::fill(request.tr("«{direccion}» no es una dirección web: escríbala "
                                                         "entera, con https:// y el nombre del servidor."),
                                              {{"direccion", given}})});
}

void check_endpoint(const Request& request, std::vector<Wrong>& wrong) {
    if (!service_kind(request.form("tipo").value_or("")))
        wrong.push_back({"tipo", request.tr("Elija el tipo de servicio de la lista.")});
    if (given_address(request, "direccion").empty())
        wrong.push_back({"direccion", request.tr("Escriba la dirección del servicio.")});
    check_address(request, "direccion", wrong);
}

void new_service_form(const Request& request, Reply& reply, const std::vector<Wrong>& wrong) {
    Fields fields(request, wrong);
    fields.text("titulo", request.tr("Título"), request.form("titulo").value_or(""),
                request.tr("Por ejemplo: Mapa urbanístico."));
    add_endpoint(request, fields, "", "");
    const auto heading = request.tr("Nuevo servicio de datos");
    if (!wrong.empty()) reply.status(422);
    reply.page("open-data/gestion/descripcion",
               Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
                             {"heading", heading},
                             {"breadcrumb", trail(request, heading)},
                             {"errors", fields.errors()},
                             {"action", request.url(std::string(desk) + "/nuevo")},
                             {"back_href", request.url(desk)},
                             {"fields", fields.take()}}));
}

void create_service(const Request& request, Reply& reply) {
    const Portal portal(request);
    std::vector<Wrong> wrong;
    const auto title = typed_line(request, "titulo", longest_title_of_data, wrong);
    if (title.empty()) wrong.push_back({"titulo", request.tr("Escriba el título.")});
    check_endpoint(request, wrong);
    if (!wrong.empty()) return new_service_form(request, reply, wrong);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    Services services(tx);
    Service draft;
    draft.name = services.free_name(title);
    draft.organization = portal.own_organization(catalogue).id;
    draft.kind = *request.form("tipo"), draft.endpoint = given_address(request, "direccion");
    draft.meta = Json::object(
        {{"title", Json::object({{"es", title}})}, {"license", "CC_BY_4_0"}, {"access_right", "PUBLIC"}});
    const auto made = services.insert(draft, portal.by());
    note_step(request, tx, made, "crear");
    tx.commit();
    reply.redirect(desk_of(request, made) + "?hecho=creado");
}

std::vector<std::string> chosen_datasets(const Request& request) {
    std::vector<std::string> all;
    for (std::uint32_t n = 0; n < most_datasets; ++n) {
        const auto one = request.form("conjuntos", n);
        if (!one) break;
        if (is_uuid(*one)) all.push_back(*one);
    }
    return all;
}

/// Every dataset, those that it serves first.
std::vector<Option> dataset_options(const Portal& portal, concejo::Transaction& tx,
                                    const std::vector<std::string>& chosen) {
    Filter filter;
    filter.states = {State::draft, State::review, State::published, State::withdrawn};
    filter.with_private = true, filter.sort = "title", filter.limit = most_datasets;
    std::vector<Option> options;
    for (const auto& one : Catalogue(tx).list(filter, true))
        options.push_back(
            {one.id,
             portal.title(one) + (one.visible() ? "" : " (" + portal.call.tr("no está publicado") + ")"),
             std::find(chosen.begin(), chosen.end(), one.id) != chosen.end()});
    std::stable_partition(options.begin(), options.end(), [](const Option& one) { return one.selected; });
    return options;
}

Json service_problems(const Portal& portal, const Service& service, dcat::Severity severity) {
    Json list = Json::array();
    for (const auto& one : problems_of(portal, service))
        if (one.severity == severity) list.push_back(text_of(portal.call, one));
    return list;
}

Json service_fields(const Request& request, const Portal& portal, concejo::Transaction& tx,
                    const Service& service, Fields& fields) {
    const auto& meta = service.meta;
    Catalogue catalogue(tx);
    add_endpoint(request, fields, service.kind, service.endpoint);
    fields.text(
        "descrito_en", request.tr("Descripción técnica"),
        typed_in(request, "descrito_en", meta.string_or("described_by", "")),
        request.tr("La dirección de su OpenAPI o de sus capacidades. De WMS, WMTS y WFS no hace falta: "
                   "sale de la suya."),
        true);
    fields.text("documentacion", request.tr("Documentación para personas"),
                typed_in(request, "documentacion", meta.string_or("page", "")),
                request.tr("La dirección de una página, si la hay."), true);
    add_texts(portal, request, fields, meta,
              request.tr("Qué datos da, para qué sirve y qué hace falta para usarlo; 50 caracteres o más."));
    add_sector_and_license(portal, request, fields, meta);
    std::vector<Option> rights;
    for (const auto* code : {"PUBLIC", "RESTRICTED", "NON_PUBLIC"})
        rights.push_back({code, access_label(portal, *dcat::find_access_right(code))});
    fields.select("acceso", request.tr("Quién puede usarlo"),
                  typed_in(request, "acceso", meta.string_or("access_right", "PUBLIC")), rights);
    add_territory(portal, request, fields, meta);
    add_responsible(portal, request, fields, meta, catalogue, service.organization,
                    request.tr("Quién responde de este servicio"));
    const auto chosen = request.form("version") ? chosen_datasets(request) : service.datasets;
    if (const auto options = dataset_options(portal, tx, chosen); !options.empty())
        fields.checks("conjuntos", request.tr("Conjuntos de datos que ofrece"), options);
    return fields.take();
}

void service_form(const Request& request, Reply& reply, concejo::Transaction& tx, const Service& service,
                  const std::vector<Wrong>& wrong, int status = 422) {
    const Portal portal(request);
    Fields fields(request, wrong);
    const auto title = service_title(portal, service), here = desk_of(request, service);
    const bool published = service.state == State::published, decides = request.may(may_publish);
    const auto done = request.query("hecho").value_or("");
    if (!wrong.empty()) reply.status(status);
    reply.page("open-data/gestion/servicio",
               Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + title},
                             {"heading", title},
                             {"breadcrumb", trail(request, title)},
                             {"errors", fields.errors()},
                             {"done", !wrong.empty() ? std::string()
                                      : done == "creado"
                                          ? request.tr("El borrador está creado: complete su descripción.")
                                      : done == "publicado" ? request.tr("El servicio está publicado.")
                                      : done == "guardado"  ? request.tr("Los cambios están guardados.")
                                                            : std::string()},
                             {"state", service_state(request, service)},
                             {"state_tone", service_tone(service)},
                             {"lacking", service_problems(portal, service, dcat::Severity::error)},
                             {"better", service_problems(portal, service, dcat::Severity::warning)},
                             {"public_href", service_page(portal, service)},
                             {"action", here},
                             {"version", std::to_string(service.version)},
                             {"back_href", request.url(desk)},
                             {"publish_action", decides && !published ? here + "/publicar" : ""},
                             {"withdraw_action", decides && published ? here + "/retirar" : ""},
                             {"remove_action", service.state == State::draft ? here + "/borrar" : ""},
                             {"fields", service_fields(request, portal, tx, service, fields)}}));
}

/// The field of the form where that is put right.
std::string field_of_problem(const std::string& where) {
    for (const auto& [path, field] : {std::pair("/title", "titulo_es"),
                                      {"/description", "notas_es"},
                                      {"/endpoint_url", "direccion"},
                                      {"/endpoint_description", "descrito_en"},
                                      {"/page", "documentacion"},
                                      {"/sectors", "sector"},
                                      {"/license", "licencia"},
                                      {"/spatial", "territorio"},
                                      {"/publisher", "organismo"}})
        if (where.starts_with(path)) return field;
    return "contacto_correo";
}

void save_service(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    Services services(tx);
    auto service = need_service(portal, services, request.segment("name"));
    std::vector<Wrong> wrong;
    check_endpoint(request, wrong);
    check_address(request, "descrito_en", wrong);
    check_address(request, "documentacion", wrong);
    check_meta(portal, request, catalogue, service.meta, wrong);
    const auto access = given_line(request, "acceso");
    if (!dcat::find_access_right(access))
        wrong.push_back({"acceso", request.tr("Elija de la lista quién puede usarlo.")});
    if (!wrong.empty()) return service_form(request, reply, tx, service, wrong);
    auto changed = service;
    put_meta(portal, request, changed.meta, changed.organization);
    changed.kind = *request.form("tipo"), changed.endpoint = given_address(request, "direccion");
    changed.meta["described_by"] = given_address(request, "descrito_en"),
    changed.meta["page"] = given_address(request, "documentacion"), changed.meta["access_right"] = access;
    changed.datasets = chosen_datasets(request);
    if (service.state == State::published)  // what everybody sees stays complete
        for (const auto& one : problems_of(portal, changed))
            if (one.severity == dcat::Severity::error)
                wrong.push_back({field_of_problem(one.where), text_of(request, one)});
    if (!wrong.empty()) return service_form(request, reply, tx, service, wrong);
    if (request.form("version").value_or("") != std::to_string(service.version) || !services.update(changed))
        return service_form(
            request, reply, tx, service,
            {{"tipo", request.tr("Alguien cambió este servicio mientras tanto. Lo que usted ha escrito sigue "
                                 "aquí: si lo guarda otra vez, sustituye a lo que hay.")}},
            409);
    note_step(request, tx, service, "cambiar");
    request.pages_changed(tx);
    tx.commit();
    reply.redirect(desk_of(request, service) + "?hecho=guardado");
}

/// Changes its state: whoever asks has seen it as it is.
void move_service(const Request& request, Reply& reply, concejo::Transaction& tx, Service service,
                  const char* step, const char* done) {
    if (!Services(tx).update(service))
        throw concejo::Error(concejo::ErrorKind::conflict,
                             N_("Alguien cambió este servicio mientras tanto."));
    note_step(request, tx, service, step);
    request.pages_changed(tx);
    tx.commit();
    reply.redirect(desk_of(request, service) + "?hecho=" + done);
}

void publish_service(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Services services(tx);
    auto service = need_service(portal, services, request.segment("name"));
    if (dcat::has_errors(problems_of(portal, service)))
        return reply.redirect(desk_of(request, service) + "#falta");
    service.state = State::published, service.meta["withdrawn"] = Json();
    move_service(request, reply, tx, std::move(service), "publicar", "publicado");
}

void withdraw_service(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Services services(tx);
    auto service = need_service(portal, services, request.segment("name"));
    const auto reason = clean_line(request.form("motivo").value_or(""), 1000);
    if (reason.empty())
        return service_form(request, reply, tx, service,
                            {{"motivo", request.tr("Escriba por qué se retira: se publica.")}});
    if (service.state != State::published)
        throw concejo::Error(concejo::ErrorKind::conflict, N_("Ese servicio no está publicado."));
    service.state = State::withdrawn, service.meta["withdrawn"] = Json::object({{"reason", reason}});
    move_service(request, reply, tx, std::move(service), "retirar", "guardado");
}

void remove_service(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Services services(tx);
    const auto service = need_service(portal, services, request.segment("name"));
    if (service.state != State::draft)
        throw concejo::Error(concejo::ErrorKind::conflict,
                             N_("Ese servicio ya se publicó: se retira, y su página dice por qué."));
    services.remove(service);
    note_step(request, tx, service, "borrar");
    tx.commit();
    reply.redirect(request.url(desk) + "?hecho=borrado");
}

}  // namespace

void register_staff_services(concejo::Kernel& kernel) {
    const concejo::RouteOptions edit{.permission = may_edit}, decide{.permission = may_publish};
    const std::string all = "/servicios-de-datos", one = all + "/:name";
    kernel.staff(all, list_services, edit);
    kernel.staff(
        all + "/nuevo", [](const Request& request, Reply& reply) { new_service_form(request, reply, {}); },
        edit);
    kernel.staff_post(all + "/nuevo", create_service, edit);
    kernel.staff(
        one,
        [](const Request& request, Reply& reply) {
            auto tx = request.begin();
            Services services(tx);
            const auto service = need_service(Portal(request), services, request.segment("name"));
            service_form(request, reply, tx, service, {});
        },
        edit);
    kernel.staff_post(one, save_service, edit);
    kernel.staff_post(one + "/publicar", publish_service, decide);
    kernel.staff_post(one + "/retirar", withdraw_service, decide);
    kernel.staff_post(one + "/borrar", remove_service, edit);
}

}  // namespace open_data
