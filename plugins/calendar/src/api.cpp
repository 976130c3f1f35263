// The calendar as data, open to everybody, and calendar:1 for the other plugins.
#include "answers.hpp"
#include "mensaje.hpp"
#include "paginas.hpp"
#include "vistas.hpp"

namespace calendar {
namespace {

using concejo::Call;
using concejo::Error;
using concejo::ErrorKind;
using concejo::Reply;
using concejo::Request;

void send(Reply& reply, const Json& json) {
    reply.field("Access-Control-Allow-Origin", "*");
    reply.json(json);
}

void api_year(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    const auto asked = request.query("ejercicio").value_or("");
    send(reply,
         answer_year(entorno, Json::object({{"ejercicio", asked.empty() ? std::to_string(year_of(entorno.hoy))
                                                                        : asked}})));
}

void api_day(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    send(reply,
         answer_day(entorno, Json::object({{"dia", request.query("dia").value_or(iso(entorno.hoy))}})));
}

void api_term(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    send(reply,
         answer_term(entorno, message_of([&](std::string_view name) { return request.query(name); }), tx));
}

void api_entry(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    const auto asked = request.query("instante");
    send(reply,
         answer_entry(entorno, Json::object({{"instante", asked ? Json(*asked) : Json(entorno.now)}})));
}

void api_incidents(const Request& request, Reply& reply) {
    const Entorno entorno(request);
    auto tx = request.begin();
    constexpr int page_size = 100;
    const auto after = parse_number(request.query("despues").value_or("0"), 9);
    if (!after)
        throw Error(ErrorKind::invalid,
                    N_("«despues» debe ser el número de la última incidencia de la página anterior."));
    auto all = IncidenciaRepository(tx).page(*after, page_size + 1);
    const bool more = all.size() > page_size;
    if (more) all.pop_back();
    Json list = Json::array();
    for (const auto& one : all) list.push_back(incident_json(entorno, one));
    send(reply, Json::object({{"incidencias", list},
                              {"siguiente", more ? Json(entorno.municipio.string_or("url", "") +
                                                        "/api/calendario/v1/incidencias?despues=" +
                                                        std::to_string(all.back().id))
                                                 : Json()}}));
}

void api_clock(const Request& request, Reply& reply) {
    reply.field("Cache-Control", "no-store");
    send(reply, clock_json(Entorno(request)));
}

Json respond(const Call& call, std::string_view method, const Json& message) {
    const Entorno entorno(call);
    auto tx = call.begin();
    if (method == "dia") return answer_day(entorno, message);
    if (method == "plazo") return answer_term(entorno, message, tx);
    if (method == "presentacion") return answer_entry(entorno, message);
    if (method == "ejercicio") return answer_year(entorno, message);
    if (method == "afectados") return answer_affected(entorno, message, tx);
    throw Error(ErrorKind::not_found, "calendar:1 no tiene «" + std::string(method) + "»");
}

}  // namespace

void register_api(concejo::Kernel& kernel) {
    kernel.api("GET", "/calendario/v1/inhabiles", api_year);
    kernel.api("GET", "/calendario/v1/dia", api_day);
    kernel.api("GET", "/calendario/v1/plazo", api_term);
    kernel.api("GET", "/calendario/v1/presentacion", api_entry);
    kernel.api("GET", "/calendario/v1/incidencias", api_incidents);
    kernel.api("GET", "/calendario/v1/hora", api_clock);
}

void register_service(concejo::Kernel& kernel) { kernel.provide("calendar:1", respond); }

}  // namespace calendar
