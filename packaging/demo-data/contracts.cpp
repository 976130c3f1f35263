#include "contracts.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace demo {
namespace {

constexpr std::array objects{"Suministro de papel y material de oficina",
                             "Reparaci\xf3n de aceras en la calle Real",
                             "Mantenimiento de ascensores municipales",
                             "Alumbrado de las fiestas patronales",
                             "Redacci\xf3n del proyecto de la piscina cubierta",
                             "Limpieza de canalones del polideportivo",
                             "Poda de arbolado en el parque de la Alameda",
                             "Talleres de verano para la infancia",
                             "Suministro de se\xf1"
                             "ales de tr\xe1"
                             "fico",
                             "Asistencia t\xe9"
                             "cnica para el inventario de bienes",
                             "Concierto de la banda municipal",
                             "Revisi\xf3n de extintores"};
constexpr std::array companies{
    "Papeler\xed"
    "a Castellana, S.L.",
    "Construcciones Pe\xf1"
    "alba, S.A.",
    "Elevadores del Norte, S.L.",
    "Iluminaciones Festivas, S.L.",
    "Estudio Robledo Arquitectos",
    "Servicios Integrales Duero, S.L.",
    "Jardines de la Sierra, S.C."};
constexpr std::array kinds{"Suministros", "Obras", "Servicios"};

/// Always the same ones.
std::uint32_t next(std::uint32_t& seed) { return seed = seed * 1664525u + 1013904223u, seed >> 8; }

/// Cents as people write them: "1.234,56".
std::string amount(std::uint64_t cents) {
    auto whole = std::to_string(cents / 100);
    for (auto at = static_cast<int>(whole.size()) - 3; at > 0; at -= 3)
        whole.insert(static_cast<std::size_t>(at), ".");
    char decimals[4];
    std::snprintf(decimals, sizeof decimals, ",%02u", static_cast<unsigned>(cents % 100));
    return whole + decimals;
}

}  // namespace

std::string minor_contracts(int year, int month) {
    std::string text =
        "Ayuntamiento de Valdehermoso;;;;;;\r\nRelaci\xf3n de contratos menores;;;;;;\r\n;;;;;;\r\n"
        "Expediente;Objeto;Tipo;Adjudicatario;Fecha de adjudicaci\xf3n;Importe sin IVA;Plazo (d\xed"
        "as)\r\n";
    std::uint32_t seed = 20260101;
    std::uint64_t total = 0;
    for (int i = 0, months = 12 + month; i < months * 10; ++i) {
        const int at = i / 10, in_year = at < 12 ? year - 1 : year, number = at < 12 ? i + 1 : i - 119;
        char line[400];
        const auto cents = 12'000 + next(seed) % 1'480'000;
        total += cents;
        std::snprintf(line, sizeof line, "%04d/%d;%s;%s;%s;%02u/%02d/%d;%s;%s\r\n", number, in_year,
                      objects[next(seed) % objects.size()], kinds[next(seed) % kinds.size()],
                      companies[next(seed) % companies.size()], 1 + next(seed) % 28, at % 12 + 1, in_year,
                      amount(cents).c_str(),
                      next(seed) % 9 == 0 ? "-" : std::to_string(1 + next(seed) % 180).c_str());
        text += line;
    }
    return text + "TOTAL;;;;;" + amount(total) + ";\r\n";
}

}  // namespace demo
