// The count of a term, with its reasons (Ley 39/2015, arts. 22, 23 and 29 to 33). Pure: no clock, no files.
#pragma once

#include "calendario.hpp"
#include "plazo.hpp"
#include "texto.hpp"
#include "zona.hpp"

#include <concejo/result.hpp>

namespace calendar {

struct Peticion {
    Dia desde;  ///< of the notification, publication, silence or entry, on the body's clock
    Hora hora;  ///< counts for terms in hours and for entries
    bool con_hora = false;
    Plazo plazo;
    Origen origen = Origen::notificacion;
    bool urgencia = false;
    Objeto objeto = Objeto::tramite;
    std::vector<Suspension> suspensiones{};
    std::vector<Ampliacion> ampliaciones{};  ///< in the order in which they were decided
};

struct Vencimiento {
    Dia dia;
    std::optional<Hora> hora;  ///< of terms in hours; 24:00 where it is the end of the day
    Instante instante;         ///< the first instant after the term
    std::vector<Paso> pasos;
};

/// Why there is no answer: the law, or what is not known.
struct Impedimento {
    std::string
        codigo;  ///< "no_consta", "mas_de_24_horas", "mitad_sin_regla", "vencido", "excede", "suspendido", "orden", "unidad"
    Paso motivo;
    std::vector<Paso> pasos;  ///< what was done before
    std::optional<Dia> dia;   ///< of no_consta: the day that nobody can judge
    std::set<Capa> faltan;    ///< and the lists of its year that are missing
};

struct Marco {
    const Calendario& sede;  ///< of the body, and of its register (art. 31.3)
    const Calendario* residencia =
        nullptr;  ///< where the person lives, if it is not the same place (art. 30.6)
    const Zona& zona;
    std::vector<Prorroga> prorrogas{};  ///< published for incidents, oldest first
};

concejo::Result<Vencimiento, Impedimento> vencimiento(const Peticion&, const Marco&);

/// A document in the electronic register (art. 31.2.b and c).
struct Presentacion {
    Instante real;
    Instante efectiva;  ///< `real`, or the first hour of the next working day
    Dia dia;            ///< of `efectiva`
    bool inhabil;
    std::vector<Paso> pasos;

    /// The register's order: what came on a non-working day goes before what came on the next working one.
    auto operator<=>(const Presentacion& other) const {
        if (const auto order = efectiva <=> other.efectiva; order != 0) return order;
        if (const auto order = !inhabil <=> !other.inhabil; order != 0) return order;
        return real <=> other.real;
    }
    bool operator==(const Presentacion& other) const { return (*this <=> other) == 0; }
};
concejo::Result<Presentacion, Impedimento> presentacion(Instante real, const Calendario& registro,
                                                        const Zona&);

}  // namespace calendar
