// Withdrawing: the page stays and says so, with the reason and the body that withdrew it; the files are offered no more.
#pragma once

#include "anuncio_repository.hpp"
#include "entorno.hpp"

#include <concejo/result.hpp>

namespace sede {

class WithdrawAnuncio {
public:
    WithdrawAnuncio(const Entorno& entorno, concejo::Transaction& tx) : entorno_(entorno), tx_(tx) {}
    concejo::Result<Anuncio, std::vector<Aviso>> operator()(const Anuncio& anuncio, std::string_view motivo,
                                                            std::string_view organo);

private:
    const Entorno& entorno_;
    concejo::Transaction& tx_;
};

}  // namespace sede
