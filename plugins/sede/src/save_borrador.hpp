// Drafts: may lack everything but dates; two people who edit the same one do not overwrite each other.
#pragma once

#include "anuncio_repository.hpp"
#include "entorno.hpp"

#include <concejo/result.hpp>

namespace sede {

/// Gives each file an address of its own within the announcement: "bases.pdf", "bases-2.pdf".
void distinct_slugs(std::vector<Archivo>& archivos);

class SaveBorrador {
public:
    SaveBorrador(const Entorno& entorno, concejo::Transaction& tx) : entorno_(entorno), tx_(tx) {}
    /// A new draft.
    Anuncio operator()(Contenido contenido);
    /// The next version of `anterior`; an Aviso where it is published, or somebody saved it in between.
    concejo::Result<Anuncio, Aviso> operator()(const Anuncio& anterior, Contenido contenido);
    /// Only drafts can be thrown away.
    concejo::Result<bool, Aviso> discard(const Anuncio& anuncio);

private:
    const Entorno& entorno_;
    concejo::Transaction& tx_;
};

}  // namespace sede
