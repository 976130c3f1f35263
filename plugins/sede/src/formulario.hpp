// The form of an announcement as it was typed: it can always be shown again, whatever was wrong with it.
#pragma once

#include "anuncio_repository.hpp"
#include "entorno.hpp"

#include <concejo/result.hpp>

#include <functional>

namespace sede {

struct Formulario {
    std::string titulo, tipo, organo, referencia, resumen, idioma, desde, hasta;
    std::string fecha_programada, hora_programada;  ///< dd/mm/aaaa and hh:mm, for "Programar"
    std::string corrige;                            ///< id of the announcement it corrects
    int version = 1;                                ///< of the draft that is edited
    bool duplicado_confirmado = false;
    std::string ocultos_confirmados;  ///< the SHA-256 of the document whose hidden data the person has seen
    std::vector<Archivo> archivos;    ///< already checked and stored

    /// The n-th value of a field of the posted form.
    using Campo = std::function<std::optional<std::string>(std::string_view name, std::uint32_t n)>;
    static Formulario posted(const Campo&);
    static Formulario of(const Anuncio&, const Zona&);
    /// Dates of a new one: today and the usual number of days of its type.
    static Formulario blank(const Entorno&);

    /// Sets the announcement itself, or adds an annex.
    void set_documento(const Archivo&);
    void remove(std::string_view sha256);

    /// The typed texts as values; an Aviso for each that cannot be read. `programar`: date and time are needed.
    concejo::Result<Contenido, std::vector<Aviso>> contenido(const Zona&, bool programar) const;

    /// Fields "documento_id" and "anexo_id": files that an earlier try has uploaded; unknown ones are dropped.
    void restore_files(const Campo&, AnuncioRepository&);
    void mark_documento() { documento_ = !archivos.empty(); }
    const Archivo* documento() const { return has_documento() ? &archivos.front() : nullptr; }
    std::vector<Archivo> anexos() const {
        return {archivos.begin() + (has_documento() ? 1 : 0), archivos.end()};
    }

private:
    bool has_documento() const { return !archivos.empty() && documento_; }
    bool documento_ = false;  ///< whether the first file is the announcement itself
};

}  // namespace sede
