// iCalendar (RFC 5545) of whole days.
#pragma once

#include "dia.hpp"

#include <vector>

namespace calendar {

struct DiaIcs {
    Dia dia;
    std::string uid, resumen, descripcion, categoria;
};

/// `stamp`: "20261126T013000Z", when the information was true. Lines are folded at 75 octets, never inside a character.
std::string ics(std::string_view name, std::string_view description, std::string_view language,
                std::string_view stamp, const std::vector<DiaIcs>&);

}  // namespace calendar
