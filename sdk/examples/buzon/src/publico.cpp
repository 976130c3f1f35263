#include "publico.hpp"

#include "avisos.hpp"
#include "formulario.hpp"
#include "sugerencia.hpp"
#include "textos.hpp"

namespace buzon {
namespace {

using concejo::Json;
using concejo::Reply;
using concejo::Request;

/// "4F2A91C07BDE" as it is easier to copy by hand: 4F2A-91C0-7BDE.
std::string grouped(std::string code) {
    for (std::size_t at = 4; at < code.size(); at += 5) code.insert(at, "-");
    return code;
}

Json breadcrumb(const Request& request, const std::string& here) {
    const auto step = [](std::string label, Json href) {
        return Json::object({{"label", std::move(label)}, {"href", std::move(href)}});
    };
    return Json::array({step(request.tr("Inicio"), request.url("/")),
                        step(request.tr("Buzón de sugerencias"), request.url("/buzon")),
                        step(here, nullptr)});
}

/// Answers are written in the municipality's own language, whatever the reader's: the page says so.
std::string language_of_answers(const Request& request) {
    return request.municipality().string_or("default_language", "es");
}

/// The form as the theme's components draw it: each field is one object, named for its kind.
Json fields(const Request& request, const Formulario& form) {
    const Json settings = request.settings();
    Json topic_options =
        Json::array({Json::object({{"value", ""}, {"label", request.tr("Elija una opción")}})});
    for (const auto& [code, msgid] : topics)
        topic_options.push_back(
            Json::object({{"value", code}, {"label", request.tr(msgid)}, {"selected", code == form.asunto}}));

    const auto size = request.number(static_cast<double>(settings.at("adjunto_mib").as_int()));
    const auto asunto = Json::object({{"id", "asunto"},
                                      {"name", "asunto"},
                                      {"label", request.tr("¿De qué trata?")},
                                      {"options", topic_options},
                                      {"error", form.fault_of("asunto")},
                                      {"described", form.fault_of("asunto").empty() ? "" : "asunto-e"}});
    const auto texto =
        Json::object({{"id", "texto"},
                      {"name", "texto"},
                      {"label", request.tr("Su sugerencia")},
                      {"rows", 8},
                      {"hint", request.tr("No escriba datos personales suyos ni de otras personas")},
                      {"value", form.texto},
                      {"error", form.fault_of("texto")},
                      {"described", form.fault_of("texto").empty() ? "texto-a" : "texto-a texto-e"}});
    const auto adjunto =
        Json::object({{"id", "adjunto"},
                      {"name", "adjunto"},
                      {"label", request.tr("Foto o PDF")},
                      {"optional", true},
                      {"hint", fill(request.tr("JPEG, PNG o PDF de {n} MB como mucho"), "n", size)},
                      {"accept", ".jpg,.jpeg,.png,.pdf"},
                      {"error", form.fault_of("adjunto")},
                      {"described", form.fault_of("adjunto").empty() ? "adjunto-a" : "adjunto-a adjunto-e"}});
    return Json::array({Json::object({{"select_field", asunto}}), Json::object({{"textarea_field", texto}}),
                        Json::object({{"file_field", adjunto}})});
}

void form_page(const Request& request, Reply& reply, const Formulario& form) {
    Json view = Json::object({
        {"title", request.tr("Buzón de sugerencias")},
        {"action", request.url("/buzon")},
        {"state_href", request.url("/buzon/estado")},
        {"answers_href", request.url("/buzon/respuestas")},
        {"promise",
         fill(request.trn("Le contestaremos en {n} día.", "Le contestaremos en {n} días.",
                          request.settings().at("dias_respuesta").as_int()),
              "n", request.number(static_cast<double>(request.settings().at("dias_respuesta").as_int())))},
        {"fields", fields(request, form)},
    });
    if (!form.good()) {
        Json items = Json::array();
        for (const auto& fallo : form.fallos)
            items.push_back(Json::object({{"field", fallo.field}, {"text", fallo.text}}));
        view["errors"] = Json::object({{"heading", request.tr("Revise lo siguiente")}, {"items", items}});
    }
    reply.page("es.riomar.buzon/formulario", view);
}

}  // namespace

void show_form(const Request& request, Reply& reply) { form_page(request, reply, {}); }

void receive(const Request& request, Reply& reply, const concejo::Metric& received) {
    const auto form =
        Formulario::read(request);  // runs pdfinfo: before the transaction, which must stay short
    if (!form.good()) {
        reply.status(422);
        return form_page(request, reply, form);
    }
    // One transaction: the suggestion, its file, the audit entry, the job and the event stand or fall
    // together.
    auto tx = request.begin();
    std::optional<Adjunto> adjunto;
    if (form.adjunto) {
        const auto& file = *form.adjunto;
        adjunto = Adjunto{request.put_file(tx, file.path, file.media_type), file.filename, file.media_type};
    }
    const auto sugerencia = SugerenciaRepository(tx).add(form.asunto, form.texto, adjunto);
    const auto numero = std::to_string(sugerencia.numero);
    request.audit(tx, "es.riomar.buzon.recibir", numero);
    request.enqueue(tx, Json::object({{"kind", "acuse"},
                                      {"payload", Json::object({{"numero", sugerencia.numero}})},
                                      {"unique", "acuse-" + numero}}));
    request.publish_event(tx, received_event,
                          Json::object({{"numero", sugerencia.numero}, {"asunto", sugerencia.asunto}}));
    announce(request, tx, sugerencia);
    tx.commit();
    received.add(request, {form.asunto});  // a topic of the list, never what somebody wrote
    request.log(CONCEJO_INFO, "suggestion received",
                Json::object({{"numero", sugerencia.numero}, {"adjunto", adjunto.has_value()}}));
    // Redirect after POST: reloading the receipt sends nothing again.
    reply.redirect(request.url("/buzon/recibida?codigo=" + sugerencia.codigo));
}

void show_receipt(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto found = SugerenciaRepository(tx).by_code(request.query("codigo").value_or(""));
    if (!found)
        throw concejo::Error(concejo::ErrorKind::not_found, N_("Ninguna sugerencia tiene ese código."));
    const auto title = request.tr("Hemos recibido su sugerencia");
    const auto until = found->recibida + request.settings().at("dias_respuesta").as_int() * 24 * 3600;
    reply.field("Cache-Control", "no-store")
        .page("es.riomar.buzon/recibida",
              Json::object({
                  {"title", title},
                  {"breadcrumb", breadcrumb(request, title)},
                  {"confirmation",
                   Json::object(
                       {{"heading", title},
                        {"text", fill(request.tr("Es la número {n}. Para saber cómo va, guarde este código."),
                                      "n", std::to_string(found->numero))},
                        {"reference_label", request.tr("Su código:") + " "},
                        {"reference", grouped(found->codigo)}})},
                  {"promise",
                   fill(request.tr("Le contestaremos antes del {fecha}."), "fecha", day(request, until))},
                  {"state_href", request.url("/buzon/estado?codigo=" + found->codigo)},
              }));
}

void show_state(const Request& request, Reply& reply) {
    const auto typed = request.query("codigo");
    const auto title = request.tr("¿Cómo va mi sugerencia?");
    Json view = Json::object({{"title", title},
                              {"breadcrumb", breadcrumb(request, title)},
                              {"action", request.url("/buzon/estado")}});
    Json control = Json::object({{"id", "codigo"},
                                 {"name", "codigo"},
                                 {"label", request.tr("Código")},
                                 {"type", "text"},
                                 {"hint", request.tr("Doce letras y cifras, como 4F2A-91C0-7BDE")},
                                 {"autocomplete", "off"},
                                 {"value", typed.value_or("")},
                                 {"described", "codigo-a"}});
    if (typed) {
        auto tx = request.begin();
        if (const auto found = SugerenciaRepository(tx).by_code(*typed)) {
            view["found"] = Json::object({
                {"heading", fill(request.tr("Sugerencia número {n}"), "n", std::to_string(found->numero))},
                {"summary",
                 Json::array({
                     Json::object(
                         {{"label", request.tr("Asunto")}, {"text", topic_name(request, found->asunto)}}),
                     Json::object(
                         {{"label", request.tr("Recibida")}, {"text", request.instant(found->recibida)}}),
                     Json::object({{"label", request.tr("Situación")},
                                   {"text", found->respuesta ? request.tr("Contestada")
                                                             : request.tr("Pendiente de respuesta")}}),
                 })},
                {"answer", found->respuesta ? Json(*found->respuesta) : Json()},
                {"answer_language", language_of_answers(request)},
            });
        } else {
            const auto fault =
                request.tr("No hay ninguna sugerencia con ese código: compruebe que lo ha copiado entero");
            control["error"] = fault;
            control["described"] = "codigo-a codigo-e";
            view["errors"] = Json::object(
                {{"heading", request.tr("Revise lo siguiente")},
                 {"items", Json::array({Json::object({{"field", "codigo"}, {"text", fault}})})}});
            reply.status(404);
        }
    }
    view["fields"] = Json::array({Json::object({{"text_field", control}})});
    reply.field("Cache-Control", "no-store").page("es.riomar.buzon/estado", view);
}

void show_answers(const Request& request, Reply& reply) {
    auto tx = request.begin();
    Json answers = Json::array();
    for (const auto& one : SugerenciaRepository(tx).published(50)) {
        answers.push_back(Json::object({{"anchor", "s" + std::to_string(one.numero)},
                                        {"topic", topic_name(request, one.asunto)},
                                        {"answer", *one.respuesta},
                                        {"date", day(request, one.contestada)}}));
    }
    const auto title = request.tr("Respuestas del municipio");
    Json view = Json::object({{"title", title},
                              {"breadcrumb", breadcrumb(request, title)},
                              {"answers", answers},
                              {"answer_language", language_of_answers(request)}});
    if (answers.empty())
        view["empty"] = Json::object({{"heading", request.tr("Todavía no hay respuestas publicadas")},
                                      {"text", request.tr("Aquí aparecerán las de interés general.")},
                                      {"href", request.url("/buzon")},
                                      {"label", request.tr("Enviar una sugerencia")}});
    reply.page("es.riomar.buzon/respuestas", view);
}

void permanent(const Request& request, Reply& reply) {
    reply.redirect(request.url("/buzon/estado?codigo=" + clean_code(request.segment("codigo"))), 302);
}

}  // namespace buzon
