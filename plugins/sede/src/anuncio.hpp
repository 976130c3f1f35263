// An announcement of the board and what its state allows. Nothing here knows of the database or the web.
#pragma once

#include "fecha.hpp"
#include "ids.hpp"
#include "text.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sede {

struct Archivo {
    Sha256 sha256;
    std::uint64_t bytes;
    std::string tipo_medio;
    std::string nombre;  ///< as it was uploaded
    std::string slug;    ///< in addresses; unique within the announcement
    int paginas;         ///< 0 where it is no PDF
    std::string csv{};   ///< its verification code, once published; empty without the module of evidence
};

struct Contenido {
    std::string tipo, organo, referencia, titulo, resumen;
    std::string idioma = "es";            ///< of title, summary and files
    Fecha desde, hasta;                   ///< inclusive days in the municipality's zone
    std::optional<Instante> publicar_en;  ///< not visible before, although `desde` has begun
    std::optional<AnuncioId> corrige;     ///< the published announcement that this one corrects
    std::vector<Archivo> archivos;        ///< the first is the announcement itself, the rest its annexes
};

/// What the row says. Everything else follows from the clock.
enum class Estado { borrador, publicado, retirado };
const char* name(Estado);
std::optional<Estado> parse_estado(std::string_view);

/// What the announcement is at one instant.
enum class Situacion { borrador, programado, expuesto, archivado, retirado };
const char* name(Situacion);

enum class Accion { editar, publicar, retirar, corregir, descartar };

/// Published announcements change no more: they are withdrawn or corrected by another one.
bool allows(Situacion, Accion);

/// First instant of the exposure and first one after it.
struct Ventana {
    Instante desde, hasta;
};
Ventana ventana(const Contenido&, const Zona&);

struct Quien {
    std::string id;  ///< login, token or "sistema"
    std::string nombre;
};

struct Retirada {
    Instante cuando;
    std::string motivo, organo;
};

struct Anuncio {
    AnuncioId id;
    Estado estado = Estado::borrador;
    int version = 1;  ///< of the draft: two editors do not overwrite each other
    Contenido contenido;
    std::optional<Numero> numero;    ///< from publication on
    std::optional<Ventana> visible;  ///< from publication on
    std::optional<Instante> publicado_en;
    std::optional<Retirada> retirada;
    std::int64_t serie = 0;  ///< order of creation
    Instante modificado_en = 0;

    Situacion situacion(Instante now) const;
    /// Whether citizens see its page: its exposure has begun (and it was not withdrawn before).
    bool is_public(Instante now) const;
    /// Whether its files are offered: public and not withdrawn.
    bool offers_files(Instante now) const;
    /// "2026-0043", or the id where it has no number yet.
    std::string slug() const { return numero ? numero->slug() : id.text(); }
};

struct Reglas {
    Fecha hoy;
    bool admite_pasado = false;  ///< imports may carry exposures that have already begun or ended
};

/// What is missing or wrong for publication; a draft may lack all of it. Empty: it can be published.
std::vector<Aviso> why_not_publishable(const Contenido&, const Reglas&);

}  // namespace sede
