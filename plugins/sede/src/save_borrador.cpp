#include "save_borrador.hpp"

#include "sql.hpp"

#include <algorithm>

namespace sede {

void distinct_slugs(std::vector<Archivo>& archivos) {
    for (std::size_t i = 0; i < archivos.size(); ++i) {
        const std::string slug = file_slug(archivos[i].nombre);
        const auto dot = slug.rfind('.');
        const std::string stem = slug.substr(0, dot),
                          extension = dot == std::string::npos ? "" : slug.substr(dot);
        const auto taken = [&](const std::string& name) {
            return std::any_of(archivos.begin(), archivos.begin() + static_cast<std::ptrdiff_t>(i),
                               [&](const auto& other) { return other.slug == name; });
        };
        archivos[i].slug = slug;
        for (int n = 2; taken(archivos[i].slug); ++n)
            archivos[i].slug = stem + "-" + std::to_string(n) + extension;
    }
}

Anuncio SaveBorrador::operator()(Contenido contenido) {
    distinct_slugs(contenido.archivos);
    AnuncioRepository anuncios(tx_);
    const Quien quien = entorno_.quien();
    Anuncio borrador{AnuncioId::random(), Estado::borrador, 1, std::move(contenido), {}, {}, {}, {}, 0,
                     entorno_.now};
    anuncios.insert(borrador, quien);
    anuncios.note(borrador.id, "crear", entorno_.now, quien);
    entorno_.call.audit(tx_, "sede.anuncio.crear", borrador.id.text());
    return sql::need(anuncios.find(borrador.id));
}

concejo::Result<Anuncio, Aviso> SaveBorrador::operator()(const Anuncio& anterior, Contenido contenido) {
    if (!allows(anterior.situacion(entorno_.now), Accion::editar))
        return Aviso{
            "",
            N_("El anuncio ya está publicado y no cambia. Si hay un error, publique una corrección."),
            {}};
    distinct_slugs(contenido.archivos);
    AnuncioRepository anuncios(tx_);
    const Quien quien = entorno_.quien();
    Anuncio borrador = anterior;
    borrador.contenido = std::move(contenido);
    if (!anuncios.update(borrador, quien))
        return Aviso{
            "",
            N_("Otra persona ha guardado este borrador mientras usted lo editaba. Ábralo de nuevo para ver sus cambios."),
            {}};
    anuncios.note(borrador.id, "editar", entorno_.now, quien);
    return sql::need(anuncios.find(borrador.id));
}

concejo::Result<bool, Aviso> SaveBorrador::discard(const Anuncio& anuncio) {
    if (!allows(anuncio.situacion(entorno_.now), Accion::descartar))
        return Aviso{"", N_("Lo publicado no se borra: retírelo."), {}};
    AnuncioRepository anuncios(tx_);
    anuncios.note(anuncio.id, "descartar", entorno_.now, entorno_.quien());
    anuncios.discard(anuncio.id);
    entorno_.call.audit(tx_, "sede.anuncio.descartar", anuncio.id.text());
    return true;
}

}  // namespace sede
