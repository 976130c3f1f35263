#include "incidencia.hpp"

#include <algorithm>

namespace calendar {

std::optional<Instante> Incidencia::fin() const {
    for (const auto& paso : pasos) {
        if (paso.accion == "resolver") return paso.fin;
    }
    return std::nullopt;
}

bool Incidencia::annulled(const Seguimiento& paso) const {
    return std::any_of(pasos.begin(), pasos.end(), [&](const Seguimiento& other) {
        return other.accion == "anular" && other.anula == paso.id;
    });
}

std::vector<Prorroga> Incidencia::prorrogas() const {
    std::vector<Prorroga> all;
    for (const auto& paso : pasos) {
        if (paso.accion == "ampliar" && !annulled(paso))
            all.push_back({paso.desde, paso.hasta, paso.nuevo, ciberincidente, std::to_string(id)});
    }
    return all;
}

std::vector<Afectado> affected(const std::vector<std::pair<std::string, Dia>>& plazos,
                               const std::vector<Prorroga>& prorrogas) {
    std::vector<Afectado> all;
    for (const auto& [id, last] : plazos) {
        Afectado one{id, last, last, ""};
        for (const auto& prorroga : prorrogas) {
            if (one.vence < prorroga.desde || one.vence > prorroga.hasta || prorroga.nuevo <= one.vence)
                continue;
            one.vence = prorroga.nuevo;
            one.incidencia = prorroga.incidencia;
        }
        if (one.vence != last) all.push_back(one);
    }
    return all;
}

}  // namespace calendar
