// The availability control as staff see it, and the certificates that come out of it.
#include "availability_text.hpp"
#include "diligencia.hpp"
#include "pages.hpp"

#include <concejo/services/evidence.hpp>
#include <concejo/table.hpp>

#include <charconv>

#include <charconv>

namespace evidence {
namespace {

constexpr const char* may_certify = "evidence.diligencias";
constexpr int exposures_a_page = 50;
const std::string availability_path = "/gestion/disponibilidad";

std::int64_t present() {
    return std::chrono::floor<std::chrono::seconds>(crypto::now()).time_since_epoch().count();
}

/// Rows of texts under their headers; the first cell of each says what the row is of.
Json text_table(const std::string& id, const std::string& caption, const std::vector<std::string>& headers,
                const std::vector<std::vector<std::string>>& texts) {
    Json rows = Json::array();
    for (const auto& line : texts) {
        Json cells = Json::array();
        for (std::size_t i = 0; i < line.size(); ++i)
            cells.push_back(concejo::cell_view(headers[i], line[i], i == 0));
        rows.push_back(Json::object({{"cells", std::move(cells)}}));
    }
    return concejo::table_view(id, caption, headers, std::move(rows));
}

void list_exposures(const Request& request, Reply& reply) {
    auto tx = request.begin();
    int page = 1;
    const auto asked = request.query("pagina").value_or("1");
    if (std::from_chars(asked.data(), asked.data() + asked.size(), page).ec != std::errc() || page < 1 ||
        page > 10000)
        page = 1;
    auto all = Exposures(tx).page((page - 1) * exposures_a_page, exposures_a_page + 1);
    const bool more = all.size() > exposures_a_page;
    if (more) all.pop_back();
    const std::vector<std::string> headers{request.tr("Documento"),      request.tr("Estado"),
                                           request.tr("Expuesto desde"), request.tr("Visto por primera vez"),
                                           request.tr("Comprobaciones"), request.tr("Interrupciones")};
    Json table = text_table("exposiciones", request.tr("Lo expuesto, lo último primero"), headers, {}),
         pagination, empty;
    for (const auto& one : all) {
        const auto what = availability_of(request, tx, one.csv, present());
        auto name = concejo::cell_view(headers[0], one.titulo, true,
                                       request.url(availability_path + "/" + one.csv.text())),
             state = concejo::cell_view("", request.tr("No ha empezado"));
        state["tone"] = "plain";
        Json cells = Json::array({std::move(name)});
        if (what) {
            state["text"] = what->terminada ? request.tr("Terminada") : request.tr("En exposición");
            state["tone"] = what->terminada ? "plain" : "ok";
        }
        cells.push_back(std::move(state));
        cells.push_back(concejo::cell_view(headers[2], request.instant(*one.desde, concejo::Style::short_)));
        cells.push_back(concejo::cell_view(
            headers[3], what && what->primera ? request.instant(*what->primera, concejo::Style::short_)
                                              : request.tr("No consta")));
        cells.push_back(concejo::cell_view(
            headers[4], what ? request.number(static_cast<double>(what->muestras())) : ""));
        auto gaps = concejo::cell_view(headers[5], what && !what->interrupciones.empty()
                                                       ? duration_text(request, what->interrumpida())
                                                       : request.tr("Ninguna"));
        if (what && !what->interrupciones.empty()) gaps["tone"] = "warn";
        cells.push_back(std::move(gaps));
        table["rows"].push_back(Json::object({{"cells", std::move(cells)}}));
    }
    const std::string path = request.url(availability_path),
                      heading = request.tr("Control de disponibilidad");
    if (page > 1 || more)
        pagination =
            Json::object({{"previous_href", page > 1 ? path + "?pagina=" + std::to_string(page - 1) : ""},
                          {"next_href", more ? path + "?pagina=" + std::to_string(page + 1) : ""},
                          {"pages", Json::array()}});
    if (all.empty())
        empty = Json::object(
            {{"heading", request.tr("No hay nada expuesto")},
             {"text", request.tr("Lo que se publique en la sede se comprueba desde ese momento.")},
             {"href", ""},
             {"label", ""}});
    reply.page(
        "evidence/gestion/disponibilidad",
        Json::object(
            {{"title", heading},
             {"heading", heading},
             {"breadcrumb", Json::array()},
             {"description",
              request.tr(
                  "Cada pocos minutos se pide lo expuesto en su dirección pública, como lo pediría cualquiera, y se compara con lo que se selló.")},
             {"table", all.empty() ? Json() : table},
             {"empty", empty},
             {"pagination", pagination}}));
}

Json witnesses_table(const Request& request, const Constancia& what) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : what.testigos)
        rows.push_back({witness_text(request, what, one), request.number(static_cast<double>(one.muestras)),
                        request.number(static_cast<double>(one.visibles)),
                        request.number(static_cast<double>(one.distintas)),
                        one.primera_visible ? request.instant(one.primera_visible, concejo::Style::short_,
                                                              concejo::Style::medium)
                                            : request.tr("nunca")});
    return text_table("testigos", request.tr("Comprobaciones, según quién miró"),
                      {request.tr("Quién miró"), request.tr("Veces"), request.tr("Íntegro"),
                       request.tr("Distinto"), request.tr("Visto desde")},
                      rows);
}

Json gaps_table(const Request& request, const Constancia& what) {
    std::vector<std::vector<std::string>> rows;
    const auto moment = [&](std::int64_t when) {
        return request.instant(when, concejo::Style::short_, concejo::Style::medium);
    };
    for (const auto& one : what.interrupciones)
        rows.push_back({moment(one.desde), moment(one.hasta), duration_text(request, one.hasta - one.desde),
                        seen_text(request, one.visto)});
    return text_table(
        "interrupciones", request.tr("Interrupciones: tiempo en que nadie vio el documento"),
        {request.tr("Desde"), request.tr("Hasta"), request.tr("Duración"), request.tr("Qué se encontró")},
        rows);
}

void show_exposure(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto csv = Csv::parse(request.segment("csv"));
    const auto document = csv ? Documents(tx).find(*csv) : std::nullopt;
    const auto what = document ? availability_of(request, tx, *csv, present()) : std::nullopt;
    if (!what)
        throw Error(ErrorKind::not_found, request.tr("De ese documento no consta ninguna exposición."));
    Json tables = Json::array(), issued = Json::array();
    const auto table = [&](Json one) { tables.push_back(Json::object({{"table", std::move(one)}})); };
    if (!what->testigos.empty()) table(witnesses_table(request, *what));
    if (!what->interrupciones.empty()) table(gaps_table(request, *what));
    for (const auto& one : diligencias_of(tx, *csv))
        issued.push_back(
            Json::object({{"href", request.url(concejo::services::verification_path(one.csv.text()))},
                          {"text", concejo::fill(request.tr("Diligencia del {fecha}"),
                                                 {{"fecha", request.instant(one.sellado_en)}})}}));
    const std::string heading = document->titulo;
    reply.page(
        "evidence/gestion/exposicion",
        Json::object(
            {{"title", heading},
             {"heading", heading},
             {"breadcrumb", Json::array({Json::object({{"label", request.tr("Control de disponibilidad")},
                                                       {"href", request.url(availability_path)}}),
                                         Json::object({{"label", csv->grouped()}, {"href", ""}})})},
             {"public_href", request.url(concejo::services::verification_path(csv->text()))},
             {"done", request.query("hecho") == "expedida" ? Json(request.tr("La diligencia está expedida."))
                                                           : Json()},
             {"summary", availability_lines(request, *what)},
             {"tables", tables},
             {"issued", issued},
             {"action", request.url(availability_path + "/" + csv->text() + "/diligencia")}}));
}

void issue(const Request& request, Reply& reply) {
    const auto csv = Csv::parse(request.segment("csv"));
    if (!csv) throw Error(ErrorKind::not_found, request.tr("De ese documento no consta ninguna exposición."));
    issue_diligencia(request, *csv);
    reply.redirect(request.url(availability_path + "/" + csv->text()) + "?hecho=expedida");
}

}  // namespace

void register_availability(concejo::Kernel& kernel) {
    const concejo::RouteOptions certifying{
        .permission = may_certify, .uploads = false, .cached = false, .body_limit = 0};
    kernel.permission(may_certify,
                      N_("Ver el control de disponibilidad y expedir diligencias de exposición"));
    kernel.role("secretaria", N_("Secretaría"), {may_certify});
    kernel.staff("/disponibilidad", list_exposures, certifying);
    kernel.staff("/disponibilidad/:csv", show_exposure, certifying);
    kernel.staff_post("/disponibilidad/:csv/diligencia", issue, certifying);
    kernel.menu(Json::object({{"place", "staff"},
                              {"label", N_("Control de disponibilidad")},
                              {"path", availability_path},
                              {"order", 45},
                              {"permission", may_certify},
                              {"group", N_("Publicación")},
                              {"icon", "clock"}}));
}

}  // namespace evidence
