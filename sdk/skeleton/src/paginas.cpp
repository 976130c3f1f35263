#include "paginas.hpp"

#include "notas.hpp"

namespace es_miayto_esqueleto {
namespace {

using concejo::Json;
using concejo::Reply;
using concejo::Request;

constexpr int most_shown = 50;

Json notas_view(const Request& request) {
    auto tx = request.begin();
    Json notas = Json::array();
    for (const auto& nota : NotaRepository(tx).latest(most_shown))
        notas.push_back(Json::object({{"text", nota.texto}, {"date", request.instant(nota.escrita)}}));
    return notas;
}

Json empty_view(const Request& request) {
    return Json::object({{"heading", request.tr("Todavía no hay notas")},
                         {"text", request.tr("Cuando el municipio publique alguna, aparecerá aquí.")}});
}

void staff_page(const Request& request, Reply& reply, const std::string& fault) {
    const auto control = Json::object({{"id", "texto"},
                                       {"name", "texto"},
                                       {"label", request.tr("Texto de la nota")},
                                       {"rows", 4},
                                       {"value", ""},
                                       {"error", fault},
                                       {"described", fault.empty() ? "" : "texto-e"}});
    const auto notas = notas_view(request);
    Json view = Json::object({
        {"title", request.tr("Notas")},
        {"action", request.url("/gestion/esqueleto")},
        {"fields", Json::array({Json::object({{"textarea_field", control}})})},
        {"notas", notas},
    });
    if (notas.empty()) view["empty"] = empty_view(request);
    if (!fault.empty())
        view["errors"] =
            Json::object({{"heading", request.tr("Revise lo siguiente")},
                          {"items", Json::array({Json::object({{"field", "texto"}, {"text", fault}})})}});
    reply.page("es.miayto.esqueleto/gestion", view);
}

}  // namespace

void show_notas(const Request& request, Reply& reply) {
    const auto notas = notas_view(request);
    Json view = Json::object({{"title", request.tr("Notas")}, {"notas", notas}});
    if (notas.empty()) view["empty"] = empty_view(request);
    reply.page("es.miayto.esqueleto/inicio", view);
}

void show_staff(const Request& request, Reply& reply) { staff_page(request, reply, {}); }

void add_nota(const Request& request, Reply& reply) {
    const auto texto = request.form("texto").value_or("");
    if (texto.find_first_not_of(" \t\r\n") == std::string::npos) {
        reply.status(422);
        return staff_page(request, reply, request.tr("Escriba el texto de la nota"));
    }
    // Una transacción: la nota y su apunte en el registro de actividad, los dos o ninguno.
    auto tx = request.begin();
    const auto id = NotaRepository(tx).add(texto);
    request.audit(tx, "es.miayto.esqueleto.publicar", std::to_string(id));
    request.pages_changed(tx);  // la página pública guardada deja de valer cuando esto se confirme
    tx.commit();
    reply.redirect(request.url("/gestion/esqueleto"));  // recargar no la manda dos veces
}

}  // namespace es_miayto_esqueleto
