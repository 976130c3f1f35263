#include "avisos.hpp"

#include "textos.hpp"

namespace buzon {
namespace {

using concejo::Call;
using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

constexpr const char* copy_kind = "copia";

/// The other system knows the key again: what was sent and not answered is simply sent once more.
void deliver_copy(const Call& call, const Json& effect, const concejo::Sending& sending) {
    const auto address = call.settings().string_or("copia_a", "");
    if (address.empty()) return sending.note("nobody wants copies any more");
    sending.begins();
    const auto answer = call.http(
        Json::object({{"method", "POST"},
                      {"url", address},
                      {"headers", Json::array({Json::array({Json("Content-Type"), Json("application/json")}),
                                               Json::array({Json("Idempotency-Key"), effect.at("key")})})}}),
        effect.at("payload").dump());
    sending.note("HTTP " + std::to_string(answer.status));
    if (answer.status / 100 == 2) return;
    sending.not_done();
    const bool hopeless = answer.status / 100 == 4 && answer.status != 408 && answer.status != 429;
    throw Error(hopeless ? ErrorKind::invalid : ErrorKind::unavailable,
                "the incident system answered " + std::to_string(answer.status));
}

}  // namespace

void announce(const Call& call, concejo::Transaction& tx, const Sugerencia& sugerencia) {
    const auto settings = call.settings();
    const auto numero = std::to_string(sugerencia.numero);
    if (const auto& people = settings.at("avisar_a"); !people.empty())
        call.send_mail(
            tx, Json::object({{"to", people},
                              {"template", "es.riomar.buzon/correo"},
                              {"view", Json::object({{"numero", numero},
                                                     {"asunto", topic_name(call, sugerencia.asunto)},
                                                     {"href", call.url("/gestion/buzon/" + numero, true)}})},
                              {"key", "aviso-" + numero}}));
    if (!settings.string_or("copia_a", "").empty())
        call.send_effect(tx, Json::object({{"kind", copy_kind},
                                           {"key", "copia-" + numero},
                                           {"payload", Json::object({{"numero", sugerencia.numero},
                                                                     {"asunto", sugerencia.asunto},
                                                                     {"texto", sugerencia.texto}})}}));
}

void declare_copy(concejo::Kernel& kernel) {
    kernel.effect(Json::object({{"kind", copy_kind},
                                {"label", N_("Copia de una sugerencia al sistema de incidencias")},
                                {"deduplicates", true}}),
                  deliver_copy);
}

}  // namespace buzon
