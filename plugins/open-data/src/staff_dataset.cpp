// One dataset as staff see it: what was understood of its files, what it lacks, and its publication.
#include "brought.hpp"
#include "following.hpp"
#include "harvested.hpp"
#include "load_later.hpp"
#include "removal.hpp"
#include "save_dataset.hpp"
#include "shown.hpp"
#include "staff.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr int rejects_shown = 20;

Json understood(const Portal& portal, concejo::Transaction& tx, const Resource& resource) {
    const auto& call = portal.call;
    const auto rows = tx.exec(
        "SELECT report, read, accepted, rejected FROM open_data_version WHERE resource = $1::uuid AND number = $2",
        resource.id, resource.version);
    if (rows.empty()) return {};
    const auto report = Json::parse(rows[0].view(0));
    if (!report.contains("rejects")) return {};  // a program wrote its rows
    Json facts = Json::array(), rejects = Json::array();
    const auto fact = [&](std::string label, std::string text) {
        facts.push_back(Json::object({{"label", std::move(label)}, {"text", std::move(text)}}));
    };
    fact(call.tr("Filas"), counted_rows(call, rows[0].integer(1), rows[0].integer(2), rows[0].integer(3)));
    if (const auto sheet = resource.recipe.string_or("sheet", ""); !sheet.empty()) {
        fact(call.tr("Hoja del libro"), sheet);
    } else {
        fact(call.tr("Codificación"), report.string_or("encoding", ""));
        const auto delimiter = report.string_or("delimiter", "");
        fact(call.tr("Separador"), delimiter == "\t"   ? call.tr("tabulador")
                                   : delimiter.empty() ? call.tr("ninguno")
                                                       : delimiter);
    }
    fact(call.tr("Cabecera"),
         report["header_line"].is_int()
             ? concejo::fill(call.tr("línea {n}"), {{"n", std::to_string(report.int_or("header_line", 0))}})
             : call.tr("no tiene"));
    for (const auto& one : report.at("rejects").as_array()) {
        if (rejects.as_array().size() == rejects_shown) break;
        rejects.push_back(concejo::fill(call.tr("Línea {n}: {motivo}"),
                                        {{"n", std::to_string(one.int_or("line", 0))},
                                         {"motivo", call.tr(one.string_or("reason", ""))}}));
    }
    return Json::object({{"facts", facts},
                         {"rejects", rejects},
                         {"more", report.int_or("rows_rejected", 0) > rejects_shown}});
}

Json problem_list(const Portal& portal, const Dataset& dataset, dcat::Severity severity) {
    Json list = Json::array();
    for (const auto& one : problems_of(portal, dataset))
        if (one.severity == severity) list.push_back(text_of(portal.call, one));
    return list;
}

bool is_discardable(const Dataset& dataset) {
    return dataset.issued.empty() && (dataset.state == State::draft || dataset.state == State::review);
}

/// How many follow it by mail; empty where nobody does.
std::string followers_text(const concejo::Call& call, concejo::Transaction& tx, const Dataset& dataset) {
    const auto n = Followings(tx).count({"dataset", dataset.id});
    if (n == 0) return {};
    return concejo::fill(call.trn("{n} persona lo sigue por correo electrónico",
                                  "{n} personas lo siguen por correo electrónico", n),
                         {{"n", call.number(static_cast<double>(n))}});
}

}  // namespace

void show_staff_dataset(const Request& request, Reply& reply, const std::vector<Wrong>& wrong) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    const auto here = request.url(std::string(staff_base) + "/" + dataset.name);
    Json resources = Json::array();
    for (const auto& one : dataset.resources) {
        Json view = Json::object(
            {{"id", one.id},
             {"name", portal.title(one)},
             {"format", one.format},
             {"file_name", one.file_name},
             {"version", std::to_string(one.version)},
             {"columns", Json::array()},
             {"columns_action", here + "/recursos/" + one.id + "/columnas"},
             {"sheets", Json::array()},
             {"remove_action", is_changed_there(dataset) ? "" : here + "/recursos/" + one.id + "/quitar"},
             {"resource_href", is_changed_there(dataset) ? "" : here + "/recursos/" + one.id},
             {"dictionary_href",
              is_changed_there(dataset) ? "" : here + "/recursos/" + one.id + "/descripcion"},
             {"load", load_state(request, tx, one)}});
        if (!one.tabular() && !one.blob.empty() && view["load"].is_null())
            view["kept"] =
                Json::object({{"href", portal.file_url(one)}, {"size", portal.size(one.bytes.value_or(0))}});
        if (one.tabular()) {
            view["understood"] = understood(portal, tx, one);
            add_columns(request, tx, one, view);
        }
        resources.push_back(std::move(view));
    }
    const auto score = quality_of(portal, dataset);
    Fields fields(request, wrong);
    ask_for_data(request, fields, request.tr("Otro archivo, o una versión nueva del mismo nombre"), "");
    const auto done = request.query("hecho").value_or("");
    const auto title = portal.title(dataset);
    if (!wrong.empty()) reply.status(422);
    const bool published = dataset.state == State::published;
    reply.page(
        "open-data/gestion/conjunto",
        Json::object(
            {{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + title},
             {"heading", title},
             {"breadcrumb",
              breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)}, {title, ""}})},
             {"errors", fields.errors()},
             {"state", state_text(request, dataset)},
             {"state_tone", dataset.visible() ? "ok" : "warn"},
             {"done", done == "cargado"
                          ? request.tr("El archivo está recibido. Compruebe abajo qué se ha entendido.")
                      : done == "archivado"
                          ? request.tr("El archivo está guardado: se ofrece para descargar, tal cual.")
                      : done == "descargado"
                          ? request.tr("El archivo está descargado. Compruebe abajo qué se ha entendido.")
                      : done == "guardado"   ? request.tr("Los cambios están guardados.")
                      : done == "publicado"  ? request.tr("El conjunto está publicado.")
                      : done == "enviado"    ? request.tr("El conjunto está enviado a revisión.")
                      : done == "devuelto"   ? request.tr("El conjunto está devuelto, con su nota.")
                      : done == "programado" ? request.tr("La publicación está programada.")
                                             : std::string()},
             {"lacking", problem_list(portal, dataset, dcat::Severity::error)},
             {"better",
              is_changed_there(dataset) ? Json() : problem_list(portal, dataset, dcat::Severity::warning)},
             {"score", concejo::fill(request.tr("Calidad de los metadatos: {puntos} de 405"),
                                     {{"puntos", request.number(score.points)}})},
             {"resources", resources},
             {"fetches", fetches_view(request, tx, dataset)},
             {"review", review_view(request, portal, tx, dataset, wrong)},
             {"fields", fields.take()},
             {"collaborators", collaborators_view(request, tx, dataset, wrong)},
             {"origin", is_changed_there(dataset) ? origin_view(portal, dataset) : Json()},
             {"score_href", portal.url(dataset) + "/calidad"},
             {"followers", followers_text(request, tx, dataset)},
             {"edit_href", is_changed_there(dataset) ? "" : here + "/descripcion"},
             {"public_href", portal.url(dataset)},
             {"upload_action", is_changed_there(dataset) ? "" : here + "/archivo"},
             {"discard_action",
              is_discardable(dataset) && !is_changed_there(dataset) ? here + "/borrar" : ""},
             {"publish_action", request.may(may_publish) && !published ? here + "/publicar" : ""},
             {"withdraw_action", request.may(may_publish) && published ? here + "/retirar" : ""}}));
}

namespace {

void back(const Request& request, Reply& reply, const std::string& name, const char* done) {
    reply.redirect(request.url(std::string(staff_base) + "/" + name) + "?hecho=" + done);
}

void upload(const Request& request, Reply& reply) {
    const Portal portal(request);
    std::vector<Wrong> wrong;
    {
        auto tx = request.begin();
        Catalogue catalogue(tx);
        const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
        need_own(dataset);
        const auto what = brought(request, wrong);
        if (!what.file && what.url.empty())
            wrong.push_back(
                {"archivo", request.tr("Elija el archivo con los datos o escriba su dirección.")});
        if (wrong.empty())
            if (const auto next = take_brought(request, portal, tx, dataset, what, wrong)) {
                tx.commit();
                return reply.redirect(*next);
            }
    }
    show_staff_dataset(request, reply, wrong);
}

void remove(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = need_resource(portal, catalogue, request.segment("resource"));
    need_own(dataset);
    remove_resource(request, tx, resource);
    request.audit(tx, "open-data.cambiar", dataset.id, "ok", Json::object({{"recurso", resource.id}}));
    request.pages_changed(tx);
    tx.commit();
    back(request, reply, dataset.name, "guardado");
}

/// A draft that nobody has seen; what was published is withdrawn instead.
void discard(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    need_own(dataset);
    if (!is_discardable(dataset))
        throw concejo::Error(
            concejo::ErrorKind::conflict,
            N_("Solo se borra un borrador que no se ha publicado nunca: retire el conjunto."));
    purge_dataset(request, tx, dataset);
    request.audit(tx, "open-data.borrar", dataset.id, "ok", Json::object({{"nombre", dataset.name}}));
    tx.commit();
    reply.redirect(request.url(staff_base) + "?hecho=borrado");
}

void publish(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    if (!publish_dataset(portal, catalogue, tx, dataset))
        return reply.redirect(request.url(std::string(staff_base) + "/" + dataset.name) + "#falta");
    tx.commit();
    back(request, reply, dataset.name, "publicado");
}

void withdraw(const Request& request, Reply& reply) {
    const Portal portal(request);
    const auto reason = clean_line(request.form("motivo").value_or(""), 1000);
    if (reason.empty())
        return show_staff_dataset(request, reply,
                                  {{"motivo", request.tr("Escriba por qué se retira: se publica.")}});
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    withdraw_dataset(portal, catalogue, tx, dataset, reason);
    tx.commit();
    back(request, reply, dataset.name, "guardado");
}

}  // namespace

void register_staff_dataset(concejo::Kernel& kernel) {
    const concejo::RouteOptions edit{.permission = may_edit}, decide{.permission = may_publish};
    const std::string one = "/datos/:name";
    kernel.staff(
        one, [](const Request& request, Reply& reply) { show_staff_dataset(request, reply, {}); }, edit);
    kernel.staff_post(one + "/archivo", upload,
                      concejo::RouteOptions{
                          .permission = may_edit, .uploads = true, .body_limit = largest_upload + (1 << 20)});
    kernel.staff_post(one + "/recursos/:resource/quitar", remove, edit);
    kernel.staff_post(one + "/borrar", discard, edit);
    kernel.staff_post(one + "/publicar", publish, decide);
    kernel.staff_post(one + "/retirar", withdraw, decide);
}

void register_staff(concejo::Kernel& kernel) {
    register_staff_list(kernel);
    register_staff_metadata(kernel);
    register_staff_dictionary(kernel);
    register_staff_fetch(kernel);
    register_staff_columns(kernel);
    register_staff_dataset(kernel);
    register_staff_resource(kernel);
    register_staff_review(kernel);
    register_staff_collaborators(kernel);
}

}  // namespace open_data
