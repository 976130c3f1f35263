// Sentences that are translated later: the law's steps are made where there is no reader yet.
#pragma once

#include <concejo/text.hpp>

namespace calendar {

using concejo::fill;
using concejo::N_;

/// What fills a {hole} of a sentence. A date is told in the reader's language, a msgid is translated.
struct Valor {
    enum class Clase { texto, fecha, msgid };
    Clase clase;
    std::string valor;  ///< fecha: AAAA-MM-DD

    static Valor texto(std::string_view text) { return {Clase::texto, std::string(text)}; }
    static Valor numero(long long n) { return {Clase::texto, std::to_string(n)}; }
    static Valor fecha(std::string_view iso) { return {Clase::fecha, std::string(iso)}; }
    static Valor msgid(std::string_view msgid) { return {Clase::msgid, std::string(msgid)}; }
    bool operator==(const Valor&) const = default;
};

struct Frase {
    std::string msgid;
    std::vector<std::pair<std::string, Valor>> valores{};
    bool operator==(const Frase&) const = default;
};

/// One step of an answer: which rule was applied, under a name for programs, and in plain words.
struct Paso {
    std::string articulo;  ///< "30.5" of Ley 39/2015
    std::string codigo;    ///< "prorroga": stable, for programs and tests
    Frase frase;
};

}  // namespace calendar
