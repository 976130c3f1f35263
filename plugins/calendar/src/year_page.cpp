// The official calendar of non-working days (RD 203/2021, art. 11.1.f; Ley 39/2015, arts. 30.7 and 31.3).
#include "campos.hpp"
#include "ics.hpp"
#include "paginas.hpp"

#include <concejo/table.hpp>

namespace calendar {
namespace {

using concejo::Reply;
using concejo::Request;
using std::chrono::days;

constexpr const char* months[] = {N_("Enero"),      N_("Febrero"), N_("Marzo"),     N_("Abril"),
                                  N_("Mayo"),       N_("Junio"),   N_("Julio"),     N_("Agosto"),
                                  N_("Septiembre"), N_("Octubre"), N_("Noviembre"), N_("Diciembre")};
constexpr std::pair<const char*, const char*> weekdays[] = {
    {N_("lun"), N_("lunes")},  {N_("mar"), N_("martes")},  {N_("mié"), N_("miércoles")},
    {N_("jue"), N_("jueves")}, {N_("vie"), N_("viernes")}, {N_("sáb"), N_("sábado")},
    {N_("dom"), N_("domingo")}};

/// The year that the address asks for, or this one.
int year_of(const Request& request, const Entorno& entorno) {
    const auto asked = request.query("ejercicio");
    if (!asked || asked->empty()) return calendar::year_of(entorno.hoy);
    const auto year = parse_number(*asked);
    if (!year || *year < first_year || *year > last_year)
        throw concejo::Error(concejo::ErrorKind::not_found, N_("El año debe estar entre 2000 y 2199."));
    return *year;
}

/// What is not known of that year, in words; empty where it is whole.
std::string missing_text(const Entorno& entorno, int year) {
    const auto faltan = entorno.sede.missing(year);
    if (faltan.empty()) return "";
    const char* const msgid =
        faltan.size() > 1
            ? N_("No constan todavía las fiestas autonómicas ni las locales de {ejercicio}: los plazos que dependan de ellas no se pueden calcular.")
        : faltan.contains(Capa::autonomico)
            ? N_("No constan todavía las fiestas autonómicas de {ejercicio}: los plazos que dependan de ellas no se pueden calcular.")
            : N_("No constan todavía las fiestas locales de {ejercicio}: los plazos que dependan de ellas no se pueden calcular.");
    return entorno.text({msgid, {{"ejercicio", Valor::numero(year)}}});
}

Json holiday_table(const Entorno& entorno, int year) {
    const auto& call = entorno.call;
    const std::vector<std::string> labels{call.tr("Día"), call.tr("Fiesta"), call.tr("Ámbito"),
                                          call.tr("Dónde se publicó")};
    Json rows = Json::array();
    for (const auto& one : entorno.sede.holidays(year))
        rows.push_back(Json::object(
            {{"cells",
              Json::array({concejo::cell_view(labels[0], call.date(iso(one.dia), concejo::Style::full), true),
                           concejo::cell_view(labels[1], entorno.name(one)),
                           concejo::cell_view(labels[2], call.tr(label_of(one.capa))),
                           concejo::cell_view(labels[3], one.fuente)})}}));
    return concejo::table_view(
        "fiestas",
        entorno.text({N_("Fiestas de {ejercicio}. Además son inhábiles todos los sábados y domingos."),
                      {{"ejercicio", Valor::numero(year)}}}),
        labels, std::move(rows));
}

Json day_cell(const Entorno& entorno, Dia day) {
    const auto estado = entorno.sede.at(day);
    const char* const kind = estado.clase == Clase::festivo ? "hol" : estado.inhabil() ? "off" : "";
    return Json::object({{"n", std::to_string(day_of_month(day))},
                         {"kind", kind},
                         {"reason", estado.inhabil() ? entorno.reason(estado) : ""}});
}

Json month_grid(const Entorno& entorno, int year, unsigned month) {
    using namespace std::chrono;
    const Dia first = sys_days(year_month_day(std::chrono::year(year), std::chrono::month(month), day(1)));
    const Dia next = add_months(first, 1);
    Json weeks = Json::array();
    for (Dia monday = first - days(weekday(first).iso_encoding() - 1); monday < next; monday += days(7)) {
        Json week = Json::array();
        for (int i = 0; i < 7; ++i) {
            const Dia one = monday + days(i);
            week.push_back(one < first || one >= next
                               ? Json::object({{"n", ""}, {"kind", ""}, {"reason", ""}})
                               : day_cell(entorno, one));
        }
        weeks.push_back(Json::object({{"days", week}}));
    }
    return Json::object({{"name", entorno.call.tr(months[month - 1])}, {"weeks", weeks}});
}

void whole_year(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    const int year = year_of(request, entorno);
    const auto href = [&](int other) {
        return request.url("/calendario") + "?ejercicio=" + std::to_string(other);
    };
    Json grids = Json::array(), heads = Json::array();
    for (unsigned month = 1; month <= 12; ++month) grids.push_back(month_grid(entorno, year, month));
    for (const auto& [brief, full] : weekdays)
        heads.push_back(Json::object({{"brief", request.tr(brief)}, {"full", request.tr(full)}}));
    const std::string title = entorno.text(
        {N_("Calendario de días inhábiles de {ejercicio}"), {{"ejercicio", Valor::numero(year)}}});
    const auto* comunidad = find_comunidad(entorno.sede.comunidad());
    reply.valid_until(entorno.zona.start_of(entorno.hoy + days(1)));  // the year of today
    reply.page(
        "calendar/calendario",
        Json::object(
            {{"title", title},
             {"description",
              request.tr(
                  "Días que no cuentan en los plazos de este Ayuntamiento y de su registro electrónico.")},
             {"breadcrumb", breadcrumb({{request.tr("Inicio"), request.url("/")},
                                        {request.tr("Calendario de días inhábiles"), ""}})},
             {"place", entorno.municipio.string_or("place", "") +
                           (comunidad ? ", " + request.tr(comunidad->nombre) : "")},
             {"missing", missing_text(entorno, year)},
             {"previous", year > first_year
                              ? Json::object({{"label", std::to_string(year - 1)}, {"href", href(year - 1)}})
                              : Json()},
             {"next", year < last_year
                          ? Json::object({{"label", std::to_string(year + 1)}, {"href", href(year + 1)}})
                          : Json()},
             {"table", holiday_table(entorno, year)},
             {"months", grids},
             {"weekdays", heads},
             {"ics_href", request.url("/calendario/festivos.ics") + "?ejercicio=" + std::to_string(year)},
             {"json_href", entorno.municipio.string_or("url", "") +
                               "/api/calendario/v1/inhabiles?ejercicio=" + std::to_string(year)},
             {"calculator_href", request.url("/calendario/calculo")},
             {"incidents_href", request.url("/calendario/incidencias")},
             {"time_href", request.url("/calendario/hora")}}));
}

void download(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    const int year = year_of(request, entorno);
    const std::string municipality = entorno.municipio.string_or("id", ""),
                      lacking = missing_text(entorno, year);
    std::vector<DiaIcs> all;
    for (const auto& one : entorno.sede.holidays(year)) {
        const std::string scope = request.tr(label_of(one.capa));
        all.push_back({one.dia, "inhabil-" + iso(one.dia) + "@" + municipality + ".calendar.concejo",
                       entorno.name(one) + " (" + scope + ")", one.fuente, scope});
    }
    // of the day's beginning: the same bytes to whoever asks twice
    const std::string stamp = iso(entorno.hoy).substr(0, 4) + iso(entorno.hoy).substr(5, 2) +
                              iso(entorno.hoy).substr(8, 2) + "T000000Z";
    const std::string name =
        entorno.text({N_("Días inhábiles de {ejercicio}"), {{"ejercicio", Valor::numero(year)}}}) + " – " +
        entorno.municipio.string_or("name", "");
    reply.field("Content-Disposition", "attachment; filename=\"inhabiles-" + std::to_string(year) + ".ics\"");
    reply.body(
        "text/calendar; charset=utf-8",
        ics(name,
            lacking.empty() ? request.tr("Además son inhábiles todos los sábados y domingos.") : lacking,
            request.language, stamp, all));
}

Json site_map(const concejo::Call& call, const Json&) {
    const auto page = [&](const char* path, const char* msgid) {
        return Json::object({{"path", path}, {"title", call.tr(msgid)}});
    };
    return Json::array({page("/calendario", N_("Calendario de días inhábiles")),
                        page("/calendario/calculo", N_("Cálculo de plazos")),
                        page("/calendario/incidencias", N_("Incidencias técnicas y ampliaciones de plazos")),
                        page("/calendario/hora", N_("Fecha y hora oficial"))});
}

}  // namespace

void register_year(concejo::Kernel& kernel) {
    kernel.page("/calendario", whole_year,
                {.permission = "", .uploads = false, .cached = true, .body_limit = 0});
    kernel.page("/calendario/festivos.ics", download);
    kernel.site_map(site_map);
    const auto menu = [&](const char* label, const char* path, int order) {
        kernel.menu(Json::object({{"place", "footer"},
                                  {"group", N_("Sede electrónica")},
                                  {"label", label},
                                  {"path", path},
                                  {"order", order}}));
    };
    menu(N_("Calendario de días inhábiles"), "/calendario", 40);
    menu(N_("Incidencias técnicas y ampliaciones de plazos"), "/calendario/incidencias", 50);
    menu(N_("Fecha y hora oficial"), "/calendario/hora", 60);
}

}  // namespace calendar
