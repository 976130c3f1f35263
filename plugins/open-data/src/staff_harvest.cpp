// The sources that are gathered: how the last rounds went, what came, what did not and why.
#include "harvest_jobs.hpp"
#include "resource_pages.hpp"
#include "staff.hpp"
#include "staff_left_sources.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr int rounds_shown = 10, notes_shown = 100, most_pages_of_notes = 100'000;

const char* outcome_label(std::string_view outcome) {
    if (outcome == "running") return N_("En marcha");
    if (outcome == "done") return N_("Bien");
    if (outcome == "failed") return N_("Falló");
    if (outcome == "held") return N_("Espera confirmación");
    if (outcome == "interrupted") return N_("Se interrumpió");
    return N_("Sin recoger todavía");
}
const char* outcome_tone(std::string_view outcome) {
    return outcome == "done" ? "ok" : outcome == "failed" ? "err" : "warn";
}

const char* item_label(std::string_view outcome) {
    if (outcome == "taken") return N_("Publicado");
    if (outcome == "draft") return N_("En borrador");
    if (outcome == "refused") return N_("No se toma");
    if (outcome == "duplicate") return N_("De otra fuente");
    if (outcome == "own") return N_("Ya es nuestro");
    return N_("Retirado aquí");
}

std::string figures(const Request& request, const Json& tally) {
    return text_of_tally(request, tally, {"seen", "added", "changed", "absent", "withdrawn"});
}

Json column(std::string label, bool numeric = false) {
    return Json::object({{"label", std::move(label)}, {"numeric", numeric}});
}
Json a_cell(std::string label, std::string text) {
    return Json::object({{"label", std::move(label)}, {"text", std::move(text)}});
}

std::string done_text(const Request& request) {
    const auto done = request.query("hecho").value_or("");
    if (done == "retirar") return request.tr("Se están retirando: en unos minutos ya no se ofrecen.");
    if (done == "conservar") return request.tr("Se conservan: desde ahora se cambian aquí.");
    return {};
}

void list_sources(const Request& request, Reply& reply) {
    auto tx = request.begin();
    Json rows = Json::array();
    for (const auto& source : sources_of(request.settings())) {
        const auto last = tx.exec(
            "SELECT outcome, tally, coalesce(extract(epoch FROM started_at), 0)::bigint FROM open_data_round "
            "WHERE source = $1 ORDER BY id DESC LIMIT 1",
            source.name);
        const auto taken = tx.exec(
                                 "SELECT count(*) FROM open_data_harvested WHERE source = $1 AND outcome = "
                                 "'taken' AND NOT gone",
                                 source.name)[0]
                               .integer(0);
        const auto outcome = last.empty() ? std::string() : last[0].text(0);
        rows.push_back(Json::object(
            {{"cells",
              Json::array({Json::object({{"header", true},
                                         {"href", request.url(std::string(harvest_base) + "/" + source.name)},
                                         {"text", source.title}}),
                           Json::object({{"label", request.tr("Última recogida")},
                                         {"text", request.tr(outcome_label(outcome))},
                                         {"tone", outcome_tone(outcome)},
                                         {"note", last.empty() ? std::string()
                                                               : request.instant(last[0].integer(2),
                                                                                 concejo::Style::medium)}}),
                           Json::object({{"label", request.tr("Conjuntos publicados")},
                                         {"text", request.number(static_cast<double>(taken))},
                                         {"numeric", true}}),
                           a_cell(request.tr("Qué llegó"),
                                  last.empty() ? std::string()
                                               : figures(request, Json::parse(last[0].view(1))))})}}));
    }
    const auto heading = request.tr("Catálogos de otros");
    Json table, empty;
    if (rows.empty())
        empty = Json::object(
            {{"heading", request.tr("No se recoge ningún catálogo")},
             {"text",
              request.tr(
                  "Las fuentes se indican en la configuración del municipio, en modulos.open-data.fuentes.")}});
    else
        table = Json::object(
            {{"id", "fuentes"},
             {"caption", heading},
             {"columns", Json::array({column(request.tr("Fuente")), column(request.tr("Última recogida")),
                                      column(request.tr("Conjuntos publicados"), true),
                                      column(request.tr("Qué llegó"))})},
             {"rows", rows}});
    reply.page(
        "open-data/gestion/fuentes",
        Json::object({{"title", heading},
                      {"heading", heading},
                      {"breadcrumb",
                       breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)}, {heading, ""}})},
                      {"done", done_text(request)},
                      {"left", left_sources_view(request, tx)},
                      {"table", table},
                      {"empty", empty}}));
}

Source need_source(const Request& request) {
    auto found = source_called(request.settings(), request.segment("fuente"));
    if (!found)
        throw concejo::Error(concejo::ErrorKind::not_found, N_("La configuración no tiene esa fuente."));
    return std::move(*found);
}

Json rounds_of(const Request& request, concejo::Transaction& tx, const Source& source, std::string& last) {
    Json rows = Json::array();
    for (const auto row :
         tx.exec("SELECT extract(epoch FROM started_at)::bigint, outcome, tally, error, by_whom FROM "
                 "open_data_round WHERE source = $1 ORDER BY id DESC LIMIT $2::int",
                 source.name, rounds_shown)) {
        if (last.empty()) last = row.text(1);
        rows.push_back(Json::object(
            {{"cells",
              Json::array({Json::object({{"header", true},
                                         {"text", request.instant(row.integer(0), concejo::Style::medium)}}),
                           Json::object({{"label", request.tr("Resultado")},
                                         {"text", request.tr(outcome_label(row.view(1)))},
                                         {"tone", outcome_tone(row.view(1))},
                                         {"note", request.tr(row.text(3))}}),
                           a_cell(request.tr("Qué llegó"), figures(request, Json::parse(row.view(2)))),
                           a_cell(request.tr("Quién"), row.text(4))})}}));
    }
    if (rows.empty()) return {};
    return Json::object(
        {{"id", "rondas"},
         {"caption", request.tr("Últimas recogidas")},
         {"columns", Json::array({column(request.tr("Cuándo")), column(request.tr("Resultado")),
                                  column(request.tr("Qué llegó")), column(request.tr("Quién"))})},
         {"rows", rows}});
}

/// What has notes: the ones that are not published first.
Json notes_of_source(const Request& request, concejo::Transaction& tx, const Source& source,
                     std::int64_t page, std::int64_t& count) {
    Json rows = Json::array();
    count = tx.exec(
                  "SELECT count(*) FROM open_data_harvested WHERE source = $1 AND NOT gone AND (notes <> "
                  "'[]' OR absent > 0)",
                  source.name)[0]
                .integer(0);
    for (const auto row :
         tx.exec("SELECT coalesce(nullif(h.title, ''), h.key), h.outcome, h.notes, h.absent, "
                 "coalesce(d.name, '') FROM open_data_harvested h LEFT JOIN open_data_dataset d ON d.id = "
                 "h.dataset WHERE h.source = $1 AND NOT h.gone AND (h.notes <> '[]' OR h.absent > 0) "
                 "ORDER BY h.outcome = 'taken', h.title, h.key LIMIT $2::int OFFSET $3::bigint",
                 source.name, notes_shown, (page - 1) * notes_shown)) {
        std::string text;
        const auto notes = Json::parse(row.view(2));
        for (const auto& note : notes.as_array())
            text += (text.empty() ? "" : " ") + text_of_note(request, note);
        if (const auto absent = row.integer(3); absent > 0)
            text += (text.empty() ? "" : " ") +
                    concejo::fill(request.trn("Falta desde hace {n} recogida.",
                                              "Falta desde hace {n} recogidas.", absent),
                                  {{"n", std::to_string(absent)}});
        auto name = Json::object({{"header", true}, {"text", row.text(0)}});
        if (!row.view(4).empty()) name["href"] = request.url(std::string(staff_base) + "/" + row.text(4));
        rows.push_back(Json::object(
            {{"cells", Json::array({name,
                                    Json::object({{"label", request.tr("Qué ha sido de él")},
                                                  {"text", request.tr(item_label(row.view(1)))},
                                                  {"tone", row.view(1) == "taken" ? "ok" : "warn"}}),
                                    a_cell(request.tr("Notas"), text)})}}));
    }
    if (rows.empty()) return {};
    return Json::object(
        {{"id", "notas"},
         {"caption", request.tr("Lo que no llegó tal cual, y por qué")},
         {"columns", Json::array({column(request.tr("Conjunto")), column(request.tr("Qué ha sido de él")),
                                  column(request.tr("Notas"))})},
         {"rows", rows}});
}

void show_source(const Request& request, Reply& reply) {
    if (!source_called(request.settings(), request.segment("fuente")))
        return show_left_source(request, reply);
    const auto source = need_source(request);
    auto tx = request.begin();
    std::string last;
    const auto page = page_asked(request, most_pages_of_notes);
    std::int64_t count = 0;
    const auto rounds = rounds_of(request, tx, source, last),
               notes = notes_of_source(request, tx, source, page, count);
    const auto here = request.url(std::string(harvest_base) + "/" + source.name);
    const bool may = request.may(may_publish);
    const auto done = request.query("hecho").value_or("");
    reply.page(
        "open-data/gestion/fuente",
        Json::object(
            {{"title", source.title},
             {"heading", source.title},
             {"breadcrumb", breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)},
                                        {request.tr("Catálogos de otros"), request.url(harvest_base)},
                                        {source.title, ""}})},
             {"done", done == "pedido"
                          ? request.tr("La recogida está pedida: en unos minutos se ve aquí cómo ha ido.")
                          : std::string()},
             {"address", source.address},
             {"kind", source.ckan ? "CKAN" : "DCAT"},
             {"now_action", may ? here + "/recoger" : ""},
             {"confirm_action", may && last == "held" ? here + "/confirmar" : ""},
             {"rounds", Json::object({{"table", rounds}})},
             {"notes", Json::object({{"table", notes}})},
             {"previous_href", page > 1 ? here + "?pagina=" + std::to_string(page - 1) : ""},
             {"next_href", page * notes_shown < count ? here + "?pagina=" + std::to_string(page + 1) : ""},
             {"none", rounds.is_null()}}));
}

void ask_harvest(const Request& request, Reply& reply, bool confirmed) {
    const auto source = need_source(request);
    auto tx = request.begin();
    harvest_soon(request, tx, source, Portal(request).by(), confirmed);
    request.audit(tx, "open-data.recoger", source.name, "ok",
                  Json::object({{"fuente", source.name}, {"que", confirmed ? "confirmada" : "pedida"}}));
    tx.commit();
    reply.redirect(request.url(std::string(harvest_base) + "/" + source.name) + "?hecho=pedido");
}

}  // namespace

void register_staff_harvest(concejo::Kernel& kernel) {
    const concejo::RouteOptions edit{.permission = may_edit}, decide{.permission = may_publish};
    kernel.staff("/recoleccion", list_sources, edit);
    kernel.staff("/recoleccion/:fuente", show_source, edit);
    kernel.staff_post(
        "/recoleccion/:fuente/recoger",
        [](const Request& request, Reply& reply) { ask_harvest(request, reply, false); }, decide);
    kernel.staff_post(
        "/recoleccion/:fuente/confirmar",
        [](const Request& request, Reply& reply) { ask_harvest(request, reply, true); }, decide);
    register_staff_left_sources(kernel);
}

}  // namespace open_data
