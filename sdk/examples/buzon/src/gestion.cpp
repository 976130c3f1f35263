#include "gestion.hpp"

#include "sugerencia.hpp"
#include "textos.hpp"

#include <charconv>

namespace buzon {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using concejo::Reply;
using concejo::Request;

constexpr int page_size = 100;

/// 0 where the text is no number: no suggestion has it.
std::int64_t number_in(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

Sugerencia wanted(const Request& request, SugerenciaRepository& all) {
    if (auto found = all.by_number(number_in(request.segment("numero")))) return *std::move(found);
    throw Error(ErrorKind::not_found, N_("Ninguna sugerencia tiene ese número."));
}

std::string path_of(std::int64_t numero) { return "/gestion/buzon/" + std::to_string(numero); }

void suggestion_page(const Request& request, Reply& reply, const Sugerencia& one,
                     const std::string& fault = {}) {
    Json summary = Json::array({
        Json::object({{"label", request.tr("Asunto")}, {"text", topic_name(request, one.asunto)}}),
        Json::object({{"label", request.tr("Recibida")}, {"text", request.instant(one.recibida)}}),
    });
    if (one.adjunto)
        summary.push_back(Json::object({{"label", request.tr("Adjunto")},
                                        {"text", one.adjunto->filename},
                                        {"href", request.url(path_of(one.numero) + "/adjunto")}}));
    Json view = Json::object({
        {"title", fill(request.tr("Sugerencia número {n}"), "n", std::to_string(one.numero))},
        {"breadcrumb", Json::array({Json::object({{"label", request.tr("Buzón de sugerencias")},
                                                  {"href", request.url("/gestion/buzon")}}),
                                    Json::object({{"label", std::to_string(one.numero)}})})},
        {"summary", summary},
        {"text", one.texto},
        {"answer", one.respuesta ? Json(*one.respuesta) : Json()},
    });
    if (!one.respuesta) {
        const auto control =
            Json::object({{"id", "respuesta"},
                          {"name", "respuesta"},
                          {"label", request.tr("Respuesta")},
                          {"rows", 8},
                          {"value", ""},
                          {"hint", request.tr("La leerá quien tenga el código y, si la publica, cualquiera")},
                          {"error", fault},
                          {"described", fault.empty() ? "respuesta-a" : "respuesta-a respuesta-e"}});
        const auto publish =
            Json::object({{"id", "publicar"},
                          {"name", "publicar"},
                          {"value", "1"},
                          {"label", request.tr("Publicar la respuesta, porque interesa a todos")}});
        view["form"] = Json::object({{"action", request.url(path_of(one.numero))},
                                     {"fields", Json::array({Json::object({{"textarea_field", control}}),
                                                             Json::object({{"checkbox_field", publish}})})}});
    }
    if (!fault.empty())
        view["errors"] =
            Json::object({{"heading", request.tr("Revise lo siguiente")},
                          {"items", Json::array({Json::object({{"field", "respuesta"}, {"text", fault}})})}});
    reply.page("es.riomar.buzon/sugerencia", view);
}

}  // namespace

void list_pending(const Request& request, Reply& reply) {
    auto tx = request.begin();
    SugerenciaRepository all(tx);
    const auto pending = all.pending(number_in(request.query("despues").value_or("0")), page_size);
    const auto count = all.count().pending;

    Json rows = Json::array();
    for (const auto& one : pending) {
        rows.push_back(Json::object(
            {{"cells",
              Json::array({
                  Json::object({{"header", true},
                                {"text", std::to_string(one.numero)},
                                {"href", request.url(path_of(one.numero))}}),
                  Json::object({{"label", request.tr("Asunto")}, {"text", topic_name(request, one.asunto)}}),
                  Json::object({{"label", request.tr("Recibida")}, {"text", request.instant(one.recibida)}}),
              })}}));
    }
    Json view = Json::object({
        {"title", request.tr("Buzón de sugerencias")},
        {"subtitle", fill(request.trn("{n} pendiente de respuesta", "{n} pendientes de respuesta", count),
                          "n", request.number(static_cast<double>(count)))},
    });
    if (pending.empty()) {
        view["empty"] = Json::object({{"heading", request.tr("No hay sugerencias pendientes")},
                                      {"text", request.tr("Todas tienen respuesta.")}});
    } else {
        view["table"] =
            Json::object({{"id", "pendientes"},
                          {"caption", request.tr("Pendientes, primero las más antiguas")},
                          {"rows", rows},
                          {"columns", Json::array({Json::object({{"label", request.tr("Número")}}),
                                                   Json::object({{"label", request.tr("Asunto")}}),
                                                   Json::object({{"label", request.tr("Recibida")}})})}});
        if (pending.size() == page_size)
            view["next_page"] =
                request.url("/gestion/buzon?despues=" + std::to_string(pending.back().numero));
    }
    reply.page("es.riomar.buzon/gestion", view);
}

void show_suggestion(const Request& request, Reply& reply) {
    auto tx = request.begin();
    SugerenciaRepository all(tx);
    suggestion_page(request, reply, wanted(request, all));
}

void answer_suggestion(const Request& request, Reply& reply) {
    auto tx = request.begin();
    SugerenciaRepository all(tx);
    const auto one = wanted(request, all);
    const auto text = request.form("respuesta").value_or("");
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        reply.status(422);
        return suggestion_page(request, reply, one, request.tr("Escriba la respuesta"));
    }
    const bool publish = request.form("publicar").has_value();
    if (!all.answer(one.numero, text, publish))
        throw Error(ErrorKind::conflict, N_("Esta sugerencia ya tiene respuesta"));
    const auto numero = std::to_string(one.numero);
    all.note(one.numero, "respuesta", "respuesta-" + numero);
    request.audit(tx, "es.riomar.buzon.contestar", numero, "ok", Json::object({{"publicada", publish}}));
    if (publish)
        request.pages_changed(tx);  // cached pages of this municipality go when the transaction commits
    tx.commit();
    reply.redirect(request.url("/gestion/buzon"));
}

void send_attachment(const Request& request, Reply& reply) {
    auto tx = request.begin();
    SugerenciaRepository all(tx);
    const auto one = wanted(request, all);
    if (!one.adjunto) throw Error(ErrorKind::not_found, N_("Esta sugerencia no tiene adjunto."));
    // Always as a download: a stranger's file is not opened inside a page of the municipality.
    reply.blob(one.adjunto->blob, one.adjunto->media_type, one.adjunto->filename, true);
}

}  // namespace buzon
