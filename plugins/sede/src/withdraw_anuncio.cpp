#include "withdraw_anuncio.hpp"

#include "open_data.hpp"
#include "sql.hpp"

#include <concejo/services/evidence.hpp>

namespace sede {

using concejo::Json;

concejo::Result<Anuncio, std::vector<Aviso>> WithdrawAnuncio::operator()(const Anuncio& anuncio,
                                                                         std::string_view motivo,
                                                                         std::string_view organo) {
    std::vector<Aviso> avisos;
    if (!allows(anuncio.situacion(entorno_.now), Accion::retirar))
        return std::vector<Aviso>{{"", N_("Solo se retira lo que está publicado."), {}}};
    const Retirada retirada{entorno_.now, clean_text(motivo, 2000), clean_line(organo, 200)};
    if (retirada.motivo.empty())
        avisos.push_back({"motivo", N_("Escriba el motivo: se muestra en la página del anuncio."), {}});
    if (retirada.organo.empty())
        avisos.push_back({"organo", N_("Indique el órgano que retira el anuncio."), {}});
    if (!avisos.empty()) return avisos;

    AnuncioRepository anuncios(tx_);
    const Quien quien = entorno_.quien();
    anuncios.withdraw(anuncio.id, retirada, quien);
    const concejo::services::Evidence evidence(entorno_.call, tx_);
    for (const auto& archivo : anuncio.contenido.archivos) {
        if (!archivo.csv.empty()) evidence.withdraw(archivo.csv);
    }
    const Json detalle = Json::object({{"motivo", retirada.motivo}, {"organo", retirada.organo}});
    anuncios.note(anuncio.id, "retirar", entorno_.now, quien, detalle);
    entorno_.call.audit(tx_, "sede.anuncio.retirar", anuncio.id.text(), "ok", detalle);
    entorno_.call.publish_event(tx_, "sede.anuncio.retirado",
                                Json::object({{"id", anuncio.id.text()}, {"motivo", retirada.motivo}}));
    board_changed(entorno_.call, tx_, entorno_.now);
    entorno_.call.pages_changed(tx_);
    return sql::need(anuncios.find(anuncio.id));
}

}  // namespace sede
