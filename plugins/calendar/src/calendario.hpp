// Which days are non-working in one place, and what is not known of it.
#pragma once

#include "festivos.hpp"

namespace calendar {

enum class Clase { habil, sabado, domingo, festivo, no_consta };

/// What a day is. `faltan`: the lists of that year without which nobody can say.
struct Estado {
    Clase clase = Clase::habil;
    const Festivo* festivo = nullptr;  ///< lives as long as the calendar
    std::set<Capa> faltan{};
    bool residencia = false;  ///< non-working, or unknown, where the interested person lives (art. 30.6)
    bool habil() const { return clase == Clase::habil; }
    bool inhabil() const { return clase != Clase::habil && clase != Clase::no_consta; }
};

/// The lists of one year that a municipality writes itself.
struct Propio {
    std::vector<Festivo> festivos;
    bool locales = false;      ///< the local days of the year are written, even if there is none
    bool autonomicos = false;  ///< and so are the region's, in place of the shipped ones
};

/// One place's calendar: national days by rule, its region's, its own. Years are laid out when they are asked for,
/// so one object belongs to one thread.
class Calendario {
public:
    Calendario(std::string comunidad, std::map<int, Propio> propios,
               const Festivos& table = Festivos::shipped());

    Estado at(Dia) const;
    /// The holidays of a year that are known, in order; Saturdays and Sundays among them.
    std::vector<Festivo> holidays(int year) const;
    /// Lists of that year that are missing.
    std::set<Capa> missing(int year) const;
    const std::string& comunidad() const { return comunidad_; }
    /// Years of which something besides the national days is known.
    std::set<int> years() const;

private:
    const std::map<Dia, Festivo>& days_of(int year) const;
    std::string comunidad_;
    std::map<int, Propio> propios_;
    const Festivos* table_;
    std::set<int> autonomicos_, locales_;
    mutable std::map<int, std::map<Dia, Festivo>> years_;
};

/// The calendar that counts for a term: the body's seat, and the person's residence where it is another (art. 30.6).
class DiasHabiles {
public:
    explicit DiasHabiles(const Calendario& sede, const Calendario* residencia = nullptr)
        : sede_(&sede), residencia_(residencia) {}
    Estado at(Dia) const;

private:
    const Calendario* sede_;
    const Calendario* residencia_;
};

}  // namespace calendar
