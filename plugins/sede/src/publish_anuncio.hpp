// A draft becomes an announcement with a number, a window of exposure and no way back.
#pragma once

#include "anuncio_repository.hpp"
#include "entorno.hpp"

#include <concejo/plugin.hpp>
#include <concejo/result.hpp>

namespace sede {

class PublishAnuncio {
public:
    PublishAnuncio(const Entorno& entorno, concejo::Transaction& tx) : entorno_(entorno), tx_(tx) {}

    /// Imports only: exposures that began before today, and the instant at which they were published then.
    PublishAnuncio& past(std::optional<Instante> when) { return admite_pasado_ = true, when_ = when, *this; }

    concejo::Result<Anuncio, std::vector<Aviso>> operator()(const Anuncio& borrador);

private:
    void seal(const Anuncio&, AnuncioRepository&, bool later);
    const Entorno& entorno_;
    concejo::Transaction& tx_;
    bool admite_pasado_ = false;
    std::optional<Instante> when_;
};

/// Registers the job that tells the publication log when a scheduled exposure begins.
void register_exposure(concejo::Kernel&);

}  // namespace sede
