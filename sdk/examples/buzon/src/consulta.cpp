#include "consulta.hpp"

#include "sugerencia.hpp"
#include "textos.hpp"

namespace buzon {

using concejo::Call;
using concejo::Json;
using concejo::Reply;
using concejo::Request;

Json home_block(const Call& call, const Json&) {
    return Json::object({{"template", "es.riomar.buzon/portada"},
                         {"view", Json::object({{"href", call.url("/buzon")},
                                                {"answers_href", call.url("/buzon/respuestas")}})}});
}

Json search(const Call& call, const Json& question) {
    auto tx = call.begin();
    Json found = Json::array();
    for (const auto& one :
         SugerenciaRepository(tx).search(question.string_or("q", ""), question.int_or("limit", 10))) {
        found.push_back(
            Json::object({{"title", topic_name(call, one.asunto)},
                          {"href", call.url("/buzon/respuestas") + "#s" + std::to_string(one.numero)},
                          {"summary", *one.respuesta},
                          {"kind", call.tr("Buzón de sugerencias")},
                          {"date", day(call, one.contestada)},
                          {"rank", 0.5}}));
    }
    return found;
}

Json site_map(const Call& call, const Json&) {
    return Json::array(
        {Json::object({{"path", "/buzon"}, {"title", call.tr("Buzón de sugerencias")}}),
         Json::object({{"path", "/buzon/respuestas"}, {"title", call.tr("Respuestas del municipio")}})});
}

Json respond(const Call& call, std::string_view method, const Json&) {
    if (method != "resumen")
        throw concejo::Error(concejo::ErrorKind::not_found,
                             "es.riomar.buzon:1 has no method " + std::string(method));
    auto tx = call.begin();  // part of the asker's transaction where there is one
    const auto count = SugerenciaRepository(tx).count();
    return Json::object({{"pendientes", count.pending}, {"contestadas", count.answered}});
}

void api_summary(const Request& request, Reply& reply) {
    reply.json(respond(request, "resumen", Json::object()));
}

void api_pending(const Request& request, Reply& reply) {
    auto tx = request.begin();
    Json list = Json::array();
    for (const auto& one : SugerenciaRepository(tx).pending(0, 100)) {
        list.push_back(Json::object({{"numero", one.numero},
                                     {"asunto", one.asunto},
                                     {"texto", one.texto},
                                     {"recibida", one.recibida},
                                     {"adjunto", one.adjunto ? Json(one.adjunto->blob) : Json()}}));
    }
    reply.json(Json::object({{"pendientes", list}}));
}

void command_summary(const Call& call, const Json& arguments, const concejo::Terminal& terminal) {
    // Asked as any other plugin would ask. The descriptor names the service as optional, so its absence is an
    // answer to be given and no defect.
    Json summary;
    try {
        summary = call.ask_service(service, "resumen", Json::object());
    } catch (const concejo::Error& error) {
        if (error.kind() != concejo::ErrorKind::unavailable) throw;
        terminal.err(error.what());
        return terminal.exit_code(1);
    }
    if (arguments.bool_or("json", false)) return terminal.out(summary.dump());
    terminal.out(call.tr("Pendientes de respuesta:") + " " +
                 std::to_string(summary.at("pendientes").as_int()));
    terminal.out(call.tr("Contestadas:") + " " + std::to_string(summary.at("contestadas").as_int()));
}

}  // namespace buzon
