#include "festivos.hpp"

#include "shipped_table.hpp"
#include "texto.hpp"

#include <algorithm>
#include <stdexcept>

namespace calendar {
namespace {

constexpr auto national_source = "Real Decreto 2001/1983, art. 45.1";

/// Fields between semicolons; the last one keeps the rest of the line.
std::vector<std::string_view> fields_of(std::string_view line, std::size_t most) {
    std::vector<std::string_view> fields;
    while (fields.size() + 1 < most) {
        const auto end = line.find(';');
        if (end == std::string_view::npos) break;
        fields.push_back(line.substr(0, end));
        line.remove_prefix(end + 1);
    }
    fields.push_back(line);
    return fields;
}

std::set<std::string, std::less<>> words(std::string_view text) {
    std::set<std::string, std::less<>> all;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) all.emplace(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return all;
}

}  // namespace

const char* name_of(Capa capa) {
    switch (capa) {
        case Capa::nacional:
            return "nacional";
        case Capa::autonomico:
            return "autonomico";
        case Capa::insular:
            return "insular";
        case Capa::local:
            break;
    }
    return "local";
}

const char* label_of(Capa capa) {
    switch (capa) {
        case Capa::nacional:
            return N_("fiesta nacional");
        case Capa::autonomico:
            return N_("fiesta de la comunidad autónoma");
        case Capa::insular:
            return N_("fiesta de la isla o comarca");
        case Capa::local:
            break;
    }
    return N_("fiesta local");
}

const std::vector<Comunidad>& comunidades() {
    static const std::vector<Comunidad> all{{"AN", N_("Andalucía")},
                                            {"AR", N_("Aragón")},
                                            {"AS", N_("Principado de Asturias")},
                                            {"IB", N_("Illes Balears")},
                                            {"CN", N_("Canarias")},
                                            {"CB", N_("Cantabria")},
                                            {"CM", N_("Castilla-La Mancha")},
                                            {"CL", N_("Castilla y León")},
                                            {"CT", N_("Cataluña")},
                                            {"VC", N_("Comunitat Valenciana")},
                                            {"EX", N_("Extremadura")},
                                            {"GA", N_("Galicia")},
                                            {"MD", N_("Comunidad de Madrid")},
                                            {"MC", N_("Región de Murcia")},
                                            {"NC", N_("Comunidad Foral de Navarra")},
                                            {"PV", N_("País Vasco")},
                                            {"RI", N_("La Rioja")},
                                            {"CE", N_("Ceuta")},
                                            {"ML", N_("Melilla")}};
    return all;
}

const Comunidad* find_comunidad(std::string_view codigo) {
    const auto& all = comunidades();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Comunidad& one) { return one.codigo == codigo; });
    return found == all.end() ? nullptr : &*found;
}

std::vector<Festivo> national_holidays(int year) {
    using namespace std::chrono;
    const auto at = [&](unsigned m, unsigned d) {
        return sys_days(year_month_day(std::chrono::year(year), month(m), day(d)));
    };
    const auto one = [](Dia when, const char* nombre) {
        return Festivo{when, nombre, true, Capa::nacional, national_source};
    };
    return {one(at(1, 1), N_("Año Nuevo")),
            one(easter(year) - days(2), N_("Viernes Santo")),
            one(at(5, 1), N_("Fiesta del Trabajo")),
            one(at(8, 15), N_("Asunción de la Virgen")),
            one(at(10, 12), N_("Fiesta Nacional de España")),
            one(at(11, 1), N_("Todos los Santos")),
            one(at(12, 6), N_("Día de la Constitución Española")),
            one(at(12, 8), N_("Inmaculada Concepción")),
            one(at(12, 25), N_("Natividad del Señor"))};
}

std::string Festivos::read_line(std::string_view line) {
    if (line.empty() || line.front() == '#') return {};
    if (line.starts_with("resolucion;")) {
        const auto fields = fields_of(line, 4);
        const auto year = fields.size() == 4 ? parse_number(fields[1]) : std::nullopt;
        if (!year || *year < first_year || *year > last_year || fields[2].empty() || fields[3].empty())
            return "resolucion;AÑO;IDENTIFICADOR;TÍTULO";
        fuentes_[*year] = std::string(fields[3]) + " (" + std::string(fields[2]) + ")";
        return {};
    }
    if (line.starts_with("cubre;")) {
        const auto fields = fields_of(line, 3);
        const auto year = fields.size() == 3 ? parse_number(fields[1]) : std::nullopt;
        if (!year || !fuentes_.contains(*year)) return "cubre;AÑO;COMUNIDADES, después de su resolución";
        for (const auto& codigo : words(fields[2])) {
            if (!find_comunidad(codigo)) return "no hay ninguna comunidad " + codigo;
            cubre_[*year].insert(codigo);
        }
        return {};
    }
    const auto fields = fields_of(line, 3);
    const auto when = parse_dia(fields.front());
    if (fields.size() != 3 || !when || fields[2].empty()) return "FECHA;COMUNIDADES;NOMBRE";
    if (!cubre_.contains(year_of(*when))) return "el año no tiene «cubre»";
    const auto where = fields[1] == "*" ? std::set<std::string, std::less<>>() : words(fields[1]);
    if (fields[1] != "*" && where.empty()) return "faltan las comunidades";
    for (const auto& codigo : where) {
        if (!covers(codigo, year_of(*when))) return "el año no cubre " + codigo;
    }
    filas_.push_back({*when, where, std::string(fields[2])});
    names_.emplace_back(fields[2]);
    return {};
}

concejo::Result<Festivos, Festivos::Defecto> Festivos::parse(std::string_view csv) {
    Festivos all;
    for (int number = 1; !csv.empty(); ++number) {
        const auto end = std::min(csv.find('\n'), csv.size());
        auto line = csv.substr(0, end);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (auto wrong = all.read_line(line); !wrong.empty()) return Defecto{number, wrong};
        csv.remove_prefix(std::min(end + 1, csv.size()));
    }
    return all;
}

const Festivos& Festivos::shipped() {
    static const Festivos all = [] {
        auto read = parse(shipped_table);
        if (!read)
            throw std::logic_error("data/festivos.csv:" + std::to_string(read.error().linea) + ": " +
                                   read.error().texto);
        return std::move(read).value();
    }();
    return all;
}

bool Festivos::covers(std::string_view comunidad, int year) const {
    const auto found = cubre_.find(year);
    return found != cubre_.end() && found->second.contains(comunidad);
}

std::vector<Festivo> Festivos::of(std::string_view comunidad, int year) const {
    std::vector<Festivo> found;
    if (!covers(comunidad, year)) return found;
    for (const auto& fila : filas_) {
        if (year_of(fila.dia) == year && (fila.comunidades.empty() || fila.comunidades.contains(comunidad)))
            found.push_back({fila.dia, fila.nombre, true, Capa::autonomico, fuentes_.at(year)});
    }
    return found;
}

std::set<int> Festivos::years() const {
    std::set<int> all;
    for (const auto& [year, codes] : cubre_) all.insert(year);
    return all;
}

const std::vector<const char*>& known_names() {
    static const std::vector<const char*> all{N_("Epifanía del Señor"),
                                              N_("San José"),
                                              N_("Jueves Santo"),
                                              N_("Lunes de Pascua"),
                                              N_("Corpus Christi"),
                                              N_("San Juan"),
                                              N_("Santiago Apóstol"),
                                              N_("San Esteban"),
                                              N_("Día de Andalucía"),
                                              N_("San Jorge, Día de Aragón"),
                                              N_("Día de Asturias"),
                                              N_("Lunes siguiente al Día de las Illes Balears"),
                                              N_("Día de Canarias"),
                                              N_("Día de las Instituciones de Cantabria"),
                                              N_("La Bien Aparecida"),
                                              N_("Día de Castilla-La Mancha"),
                                              N_("Fiesta de Castilla y León"),
                                              N_("Fiesta Nacional de Cataluña"),
                                              N_("Día de la Comunitat Valenciana"),
                                              N_("Día de Extremadura"),
                                              N_("Día de las Letras Gallegas"),
                                              N_("Día Nacional de Galicia"),
                                              N_("Fiesta de la Comunidad de Madrid"),
                                              N_("Día de la Región de Murcia"),
                                              N_("Día de La Rioja"),
                                              N_("Lunes siguiente a la Fiesta Nacional de España"),
                                              N_("Lunes siguiente a Todos los Santos"),
                                              N_("Lunes siguiente al Día de la Constitución"),
                                              N_("Lunes siguiente al Día de Andalucía"),
                                              N_("Lunes siguiente a la Asunción de la Virgen"),
                                              N_("Descanso por la Asunción de la Virgen"),
                                              N_("Aniversario del primer Gobierno de Euskadi")};
    return all;
}

}  // namespace calendar
