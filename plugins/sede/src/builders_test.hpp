// Announcements for tests: an_anuncio().published("2026-11-23", "2026-12-22", madrid()).
#pragma once

#include "anuncio.hpp"

namespace sede::test {

inline Fecha day(std::string_view iso) { return *Fecha::parse(iso); }
inline const Zona& madrid() {
    static const Zona zona("Europe/Madrid");
    return zona;
}
inline const Zona& canary() {
    static const Zona zona("Atlantic/Canary");
    return zona;
}

inline Archivo a_pdf() {
    return {*Sha256::parse(std::string(64, 'a')), 1234, "application/pdf", "edicto.pdf", "edicto.pdf", 2};
}

inline Contenido contenido(std::string_view desde, std::string_view hasta) {
    return {"edicto", "Secretaría", "EXP 1/2026", "Aprobación inicial del presupuesto",
            "",       "es",         day(desde),   day(hasta),
            {},       {},           {a_pdf()}};
}

class an_anuncio {
public:
    an_anuncio& published(std::string_view desde, std::string_view hasta, const Zona& zona) {
        made_.contenido = contenido(desde, hasta);
        made_.estado = Estado::publicado;
        made_.numero = Numero::of(2026, 43);
        made_.visible = ventana(made_.contenido, zona);
        made_.publicado_en = made_.visible->desde;
        return *this;
    }
    an_anuncio& withdrawn(Instante when) {
        made_.estado = Estado::retirado;
        made_.retirada = Retirada{when, "Error en las bases", "Alcaldía"};
        return *this;
    }
    operator Anuncio() const { return made_; }

private:
    Anuncio made_{*AnuncioId::parse("0b1d0f4e-7f0c-4c34-9d9a-52f1a5a0c001"),
                  Estado::borrador,
                  1,
                  contenido("2026-11-23", "2026-12-22"),
                  {},
                  {},
                  {},
                  {},
                  0,
                  0};
};

}  // namespace sede::test
