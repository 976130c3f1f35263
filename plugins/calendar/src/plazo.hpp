// A term as a rule or a decision states it, and what may change it.
#pragma once

#include "dia.hpp"

#include <vector>

namespace calendar {

enum class Unidad { horas, habiles, naturales, meses, anos };
const char* name_of(Unidad);   ///< for programs: "horas", "habiles", "naturales", "meses", "años"
const char* label_of(Unidad);  ///< msgid for people

/// A quantity that somebody may really mean: at most 10,000 hours, 2,000 days, 240 months or 20 years.
class Plazo {
public:
    static std::optional<Plazo> of(int cantidad, Unidad);
    /// "10 habiles", "1 mes", "20 días hábiles", "24 horas", "5 días naturales", "2 años"; "10 días" are working days (art. 30.2).
    static std::optional<Plazo> parse(std::string_view text);
    int cantidad() const { return cantidad_; }
    Unidad unidad() const { return unidad_; }
    std::string text() const;  ///< "10 habiles"
    bool operator==(const Plazo&) const = default;

private:
    Plazo(int cantidad, Unidad unidad) : cantidad_(cantidad), unidad_(unidad) {}
    int cantidad_;
    Unidad unidad_;
};
std::optional<Unidad> parse_unidad(std::string_view);

/// What makes the term begin. `registro`: a document that entered the body's register (art. 31.2).
enum class Origen { notificacion, publicacion, silencio, registro };
const char* name_of(Origen);
const char* label_of(Origen);
std::optional<Origen> parse_origen(std::string_view);

/// What the term is for: urgency does not shorten those for applications and appeals (art. 33.1).
enum class Objeto { tramite, solicitud, recurso };
const char* name_of(Objeto);
const char* label_of(Objeto);
std::optional<Objeto> parse_objeto(std::string_view);

/// Time that does not count (art. 22): from the day after `desde` to `hasta`, both told to the interested person.
struct Suspension {
    Dia desde;
    std::optional<Dia> hasta;  ///< nothing: still suspended
    std::string causa;         ///< "22.1.a" … "22.2.c"
};
/// The letters of art. 22, in its order.
const std::vector<std::string>& causas();

/// More time, by decision: art. 32 (up to half of the term) or 23 (up to the whole of it).
struct Ampliacion {
    Plazo plazo;
    Dia acordada;
    bool articulo_23 = false;
};

/// The extension that the body published for an incident (arts. 32.4 and 32.5): terms that end between two days end later.
struct Prorroga {
    Dia desde, hasta;  ///< both included
    Dia nuevo;
    bool ciberincidente = false;
    std::string incidencia;  ///< its number
};

}  // namespace calendar
