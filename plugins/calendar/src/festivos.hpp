// Holidays as facts: the national ones by rule, the regions' by the shipped table (data/festivos.csv).
#pragma once

#include "dia.hpp"

#include <concejo/result.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace calendar {

/// Who declares a day non-working. `insular`: of an island or a valley, besides its region's.
enum class Capa { nacional, autonomico, insular, local };
const char* name_of(Capa);   ///< for programs: "nacional" …
const char* label_of(Capa);  ///< msgid for people

struct Festivo {
    Dia dia;
    std::string nombre;
    bool traducible;  ///< `nombre` is a msgid; else a text of the municipality
    Capa capa;
    std::string fuente;
    bool operator==(const Festivo&) const = default;
};

struct Comunidad {
    const char* codigo;  ///< ISO 3166-2 without "ES-"
    const char* nombre;  ///< msgid
};
const std::vector<Comunidad>& comunidades();
const Comunidad* find_comunidad(std::string_view codigo);

/// The nine days that no region may replace (RD 2001/1983, art. 45.1.a–c; Estatuto de los Trabajadores, art. 37.2).
std::vector<Festivo> national_holidays(int year);

/// The regions' lists of some years.
class Festivos {
public:
    /// Why a table cannot be read: its line, from 1.
    struct Defecto {
        int linea;
        std::string texto;
    };
    static concejo::Result<Festivos, Defecto> parse(std::string_view csv);
    /// The table that was built into this program.
    static const Festivos& shipped();

    /// Whether the list of that region for that year is whole.
    bool covers(std::string_view comunidad, int year) const;
    std::vector<Festivo> of(std::string_view comunidad, int year) const;
    std::set<int> years() const;
    const std::vector<std::string>& names() const { return names_; }

private:
    struct Fila {
        Dia dia;
        std::set<std::string, std::less<>> comunidades;  ///< empty: all that the year covers
        std::string nombre;
    };
    std::string read_line(std::string_view line);

    std::map<int, std::string> fuentes_;
    std::map<int, std::set<std::string, std::less<>>> cubre_;
    std::vector<Fila> filas_;
    std::vector<std::string> names_;
};

/// Every name of the national and shipped days: what is translated.
const std::vector<const char*>& known_names();

}  // namespace calendar
