#include "anuncio.hpp"

#include <algorithm>

namespace sede {

const char* name(Estado estado) {
    switch (estado) {
        case Estado::publicado:
            return "publicado";
        case Estado::retirado:
            return "retirado";
        case Estado::borrador:
            break;
    }
    return "borrador";
}

std::optional<Estado> parse_estado(std::string_view text) {
    for (const auto estado : {Estado::borrador, Estado::publicado, Estado::retirado}) {
        if (text == name(estado)) return estado;
    }
    return std::nullopt;
}

const char* name(Situacion situacion) {
    switch (situacion) {
        case Situacion::programado:
            return "programado";
        case Situacion::expuesto:
            return "expuesto";
        case Situacion::archivado:
            return "archivado";
        case Situacion::retirado:
            return "retirado";
        case Situacion::borrador:
            break;
    }
    return "borrador";
}

bool allows(Situacion situacion, Accion accion) {
    const bool draft = situacion == Situacion::borrador;
    switch (accion) {
        case Accion::editar:
        case Accion::publicar:
        case Accion::descartar:
            return draft;
        case Accion::retirar:
            return situacion == Situacion::programado || situacion == Situacion::expuesto ||
                   situacion == Situacion::archivado;
        case Accion::corregir:
            return !draft;
    }
    return false;
}

Ventana ventana(const Contenido& contenido, const Zona& zona) {
    const Instante begins = zona.start_of(contenido.desde);
    return {std::max(begins, contenido.publicar_en.value_or(begins)), zona.start_of(contenido.hasta.plus(1))};
}

Situacion Anuncio::situacion(Instante now) const {
    if (estado == Estado::borrador || !visible) return Situacion::borrador;
    if (estado == Estado::retirado) return Situacion::retirado;
    if (now < visible->desde) return Situacion::programado;
    return now < visible->hasta ? Situacion::expuesto : Situacion::archivado;
}

bool Anuncio::is_public(Instante now) const {
    if (!visible || now < visible->desde) return false;
    return !retirada || retirada->cuando >= visible->desde;
}

bool Anuncio::offers_files(Instante now) const { return is_public(now) && estado == Estado::publicado; }

std::vector<Aviso> why_not_publishable(const Contenido& contenido, const Reglas& reglas) {
    std::vector<Aviso> avisos;
    const auto need = [&](bool good, const char* campo, const char* msgid) {
        if (!good) avisos.push_back({campo, msgid, {}});
    };
    need(!contenido.titulo.empty(), "titulo", N_("Escriba el título del anuncio."));
    need(!contenido.tipo.empty(), "tipo", N_("Elija el tipo de anuncio."));
    need(!contenido.organo.empty(), "organo", N_("Indique el órgano que publica el anuncio."));
    need(contenido.hasta >= contenido.desde, "hasta",
         N_("El último día de exposición no puede ser anterior al primero."));
    if (!reglas.admite_pasado) {
        need(contenido.desde >= reglas.hoy, "desde", N_("La exposición no puede empezar antes de hoy."));
        need(contenido.hasta >= reglas.hoy, "hasta", N_("La exposición no puede terminar antes de hoy."));
    }
    need(!contenido.archivos.empty(), "documento", N_("Adjunte el PDF del anuncio."));
    need(contenido.archivos.empty() || contenido.archivos.front().tipo_medio == "application/pdf",
         "documento", N_("El documento principal debe ser un PDF."));
    return avisos;
}

}  // namespace sede
