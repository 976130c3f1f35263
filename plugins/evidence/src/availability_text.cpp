#include "availability_text.hpp"

#include <concejo/text.hpp>

namespace evidence {

std::string duration_text(const concejo::Call& call, std::int64_t seconds) {
    const auto n = [&](std::int64_t value) { return call.number(static_cast<double>(value)); };
    const std::int64_t days = seconds / 86400, hours = seconds / 3600 % 24, minutes = seconds / 60 % 60;
    if (days > 0) return n(days) + " d" + (hours ? " " + n(hours) + " h" : "");
    if (hours > 0) return n(hours) + " h" + (minutes ? " " + n(minutes) + " min" : "");
    return minutes > 0 ? n(minutes) + " min" : n(seconds) + " s";
}

std::string seen_text(const concejo::Call& call, const std::optional<log::Seen>& seen) {
    if (!seen) return call.tr("Nadie miró");
    switch (*seen) {
        case log::Seen::visible:
            return call.tr("El documento íntegro");
        case log::Seen::ausente:
            return call.tr("No estaba");
        case log::Seen::distinto:
            return call.tr("Otro contenido");
        case log::Seen::error:
            break;
    }
    return call.tr("La sede no respondía");
}

std::string witness_text(const concejo::Call& call, const Constancia& what, const Testigo& one) {
    return one.nombre == what.sede ? call.tr("Esta sede") : one.nombre;
}

concejo::Json availability_lines(const concejo::Call& call, const Constancia& what) {
    using concejo::Json;
    Json lines = Json::array();
    const auto line = [&](std::string label, std::string text) {
        lines.push_back(
            Json::object({{"label", std::move(label)}, {"text", std::move(text)}, {"href", Json()}}));
    };
    const auto moment = [&](std::int64_t when) {
        return call.instant(when, concejo::Style::long_, concejo::Style::medium);
    };
    line(call.tr("Exposición"),
         concejo::fill(what.terminada ? call.tr("del {desde} al {hasta}") : call.tr("desde el {desde}"),
                       {{"desde", moment(what.desde)}, {"hasta", moment(what.hasta)}}));
    if (what.primera) line(call.tr("Visto por primera vez"), moment(*what.primera));
    const auto looks = what.muestras();
    std::string found = concejo::fill(call.trn("{n} comprobación", "{n} comprobaciones", looks),
                                      {{"n", call.number(static_cast<double>(looks))}});
    found += ". " + (what.interrupciones.empty()
                         ? call.tr("No consta ninguna interrupción.")
                         : concejo::fill(call.tr("Interrupciones que suman {total}."),
                                         {{"total", duration_text(call, what.interrumpida())}}));
    line(call.tr("Control de disponibilidad"), found);
    return lines;
}

}  // namespace evidence
