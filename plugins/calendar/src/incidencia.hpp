// An incident of the body's systems and what was decided about the terms (arts. 32.4 and 32.5). Told by adding, never changed.
#pragma once

#include "plazo.hpp"
#include "texto.hpp"
#include "zona.hpp"

namespace calendar {

struct Quien {
    std::string id, nombre;
};

/// What followed. Which members count depends on `accion`: resolver (fin), ampliar (desde, hasta, nuevo, acuerdo), anular (anula,
/// texto), rectificar (texto).
struct Seguimiento {
    std::int64_t id = 0;
    std::string accion;
    Instante cuando = 0;
    Quien quien;
    Instante fin = 0;
    Dia desde{}, hasta{}, nuevo{};
    std::string acuerdo, texto;
    std::int64_t anula = 0;
};

struct Incidencia {
    std::int64_t id = 0;
    bool ciberincidente = false;
    std::string sistema, descripcion;
    Instante inicio = 0, creada = 0;
    Quien quien;
    std::vector<Seguimiento> pasos;

    std::optional<Instante> fin() const;
    bool annulled(const Seguimiento&) const;
    /// Extensions that hold, oldest first.
    std::vector<Prorroga> prorrogas() const;
};

/// A term that somebody keeps, and when it ends now.
struct Afectado {
    std::string id;
    Dia vencia, vence;
    std::string incidencia;
};
/// Those of `plazos` ({id, last day}) that the extensions move.
std::vector<Afectado> affected(const std::vector<std::pair<std::string, Dia>>& plazos,
                               const std::vector<Prorroga>&);

}  // namespace calendar
