// What every page, command and use case of the board needs to know of the call it runs in.
#pragma once

#include "anuncio.hpp"
#include "pdf_check.hpp"
#include "tipos.hpp"

#include <concejo/call.hpp>

namespace sede {

struct Entorno {
    explicit Entorno(const concejo::Call& call);

    const concejo::Call& call;
    concejo::Json settings, municipio;
    Zona zona;
    Tipos tipos;
    Instante now;
    Fecha hoy;

    Quien quien() const;
    PdfCheck pdf_check() const;
    std::string language() const;          ///< of the call
    std::string default_language() const;  ///< of the municipality
    std::string text(const Aviso& aviso) const { return fill(call.tr(aviso.msgid), aviso.arguments); }
    /// The text in the call's language, or in another one that there is: {"es": …, "ca": …}.
    struct Localized {
        std::string text, lang;
    };
    Localized localized(const concejo::Json& texts) const;

    std::string url(const Anuncio&, bool absolute = false) const;
    std::string file_url(const Anuncio&, const Archivo&, bool absolute = false) const;
    /// https://sede.example/id/anuncio/<uuid>: the same for ever, in no language.
    std::string permanent_url(const Anuncio&) const;
    /// "1,2 MB" in the reader's language.
    std::string size(std::uint64_t bytes) const;
};

}  // namespace sede
