// What the law wants published: incidents with the extensions granted (RD 203/2021, art. 11.1.g), the official time (art. 11.1.f).
#include "paginas.hpp"
#include "vistas.hpp"

namespace calendar {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr int page_size = 20;

void all_incidents(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    const int after = parse_number(request.query("despues").value_or(""), 9).value_or(0);
    auto all = IncidenciaRepository(tx).page(after, page_size + 1);
    const bool more = all.size() > page_size;
    if (more) all.pop_back();
    Json items = Json::array(), empty, pagination;
    for (const auto& one : all) items.push_back(incident_view(entorno, one));
    const std::string path = request.url("/calendario/incidencias");
    if (all.empty())
        empty = Json::object(
            {{"heading", request.tr("No consta ninguna incidencia")},
             {"text",
              request.tr(
                  "Aquí se publican las incidencias técnicas y las ampliaciones de plazos que se concedan por ellas.")},
             {"href", ""},
             {"label", ""}});
    if (more || after > 0)
        pagination =
            Json::object({{"previous_href", after > 0 ? path : ""},
                          {"next_href", more ? path + "?despues=" + std::to_string(all.back().id) : ""},
                          {"pages", Json::array()}});
    const std::string heading = request.tr("Incidencias técnicas y ampliaciones de plazos");
    reply.page(
        "calendar/incidencias",
        Json::object(
            {{"title", heading},
             {"description",
              request.tr(
                  "Incidencias que impidieron el funcionamiento ordinario de la sede y ampliaciones concretas de los plazos no vencidos.")},
             {"breadcrumb",
              breadcrumb({{request.tr("Inicio"), request.url("/")},
                          {request.tr("Calendario de días inhábiles"), request.url("/calendario")},
                          {heading, ""}})},
             {"content_lang", entorno.municipio.string_or("default_language", "es")},
             {"items", items},
             {"empty", empty},
             {"pagination", pagination},
             {"json_href", entorno.municipio.string_or("url", "") + "/api/calendario/v1/incidencias"}}));
}

void official_time(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    const Json clock = clock_json(entorno);
    const bool kept = clock["sincronizado"].as_bool();
    const auto row = [](std::string label, std::string text) {
        return Json::object(
            {{"label", std::move(label)}, {"text", std::move(text)}, {"href", ""}, {"change_href", ""}});
    };
    const std::string heading = request.tr("Fecha y hora oficial");
    Json rows = Json::array(
        {row(request.tr("Fecha y hora"),
             request.instant(entorno.now, concejo::Style::full, concejo::Style::medium)),
         row(request.tr("Zona horaria"), entorno.zona.name()),
         row(request.tr("Fuente"),
             entorno.settings.string_or(
                 "fuente_hora",
                 request.tr(
                     "El reloj del servidor; este Ayuntamiento no ha indicado con quién se sincroniza."))),
         row(request.tr("Estado del reloj"),
             kept ? request.tr("Sincronizado")
                  : request.tr("El sistema operativo no confirma que esté sincronizado."))});
    if (clock["error_maximo_ms"].is_number())
        rows.push_back(row(request.tr("Error máximo estimado"),
                           request.number(clock["error_maximo_ms"].as_double(), 1) + " ms"));
    reply.field("Cache-Control", "no-store");
    reply.page(
        "calendar/hora",
        Json::object(
            {{"title", heading},
             {"description",
              request.tr(
                  "La que rige el registro electrónico a efectos del cómputo de plazos (Ley 39/2015, artículo 31.2).")},
             {"breadcrumb",
              breadcrumb({{request.tr("Inicio"), request.url("/")},
                          {request.tr("Calendario de días inhábiles"), request.url("/calendario")},
                          {heading, ""}})},
             {"summary", rows},
             {"json_href", entorno.municipio.string_or("url", "") + "/api/calendario/v1/hora"}}));
}

}  // namespace

void register_incidents(concejo::Kernel& kernel) {
    kernel.page("/calendario/incidencias", all_incidents,
                {.permission = "", .uploads = false, .cached = true, .body_limit = 0});
    kernel.page("/calendario/hora", official_time);
}

}  // namespace calendar
