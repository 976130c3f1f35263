#include "publish_anuncio.hpp"

#include "open_data.hpp"
#include "sql.hpp"

#include <concejo/services/evidence.hpp>

namespace sede {

using concejo::Json;

concejo::Result<Anuncio, std::vector<Aviso>> PublishAnuncio::operator()(const Anuncio& borrador) {
    const Instante now = when_.value_or(entorno_.now);
    if (!allows(borrador.situacion(now), Accion::publicar))
        return std::vector<Aviso>{{"", N_("Este anuncio ya está publicado."), {}}};
    if (auto avisos = why_not_publishable(borrador.contenido, {entorno_.hoy, admite_pasado_});
        !avisos.empty())
        return avisos;
    const Ventana visible = ventana(borrador.contenido, entorno_.zona);
    if (visible.desde >= visible.hasta)
        return std::vector<Aviso>{{"fecha_programada",
                                   N_("La publicación programada debe ser anterior al fin de la exposición."),
                                   {}}};

    AnuncioRepository anuncios(tx_);
    const Quien quien = entorno_.quien();
    anuncios.publish(borrador.id, entorno_.zona.day_of(now).year(), visible, now, quien);
    const bool later = visible.desde > now;
    seal(sql::need(anuncios.find(borrador.id)), anuncios, visible.desde > entorno_.now);
    const Anuncio publicado = sql::need(anuncios.find(borrador.id));
    const Json detalle = Json::object({{"numero", publicado.numero->text()},
                                       {"visible_desde", entorno_.zona.rfc3339(visible.desde)},
                                       {"visible_hasta", entorno_.zona.rfc3339(visible.hasta)},
                                       {"sha256", borrador.contenido.archivos.front().sha256.text()}});
    anuncios.note(borrador.id, later ? "programar" : "publicar", now, quien, detalle);
    entorno_.call.audit(tx_, later ? "sede.anuncio.programar" : "sede.anuncio.publicar", borrador.id.text(),
                        "ok", detalle);
    entorno_.call.publish_event(
        tx_, "sede.anuncio.publicado",
        Json::object({{"id", borrador.id.text()},
                      {"numero", publicado.numero->text()},
                      {"tipo", borrador.contenido.tipo},
                      {"titulo", borrador.contenido.titulo},
                      {"desde", borrador.contenido.desde.iso()},
                      {"hasta", borrador.contenido.hasta.iso()},
                      {"visible_desde", visible.desde},
                      {"sha256", borrador.contenido.archivos.front().sha256.text()}}));
    board_changed(entorno_.call, tx_, visible.desde);
    entorno_.call.pages_changed(tx_);
    return publicado;
}

void PublishAnuncio::seal(const Anuncio& anuncio, AnuncioRepository& anuncios, bool later) {
    const auto& c = anuncio.contenido;
    const concejo::services::Evidence evidence(entorno_.call, tx_);
    const std::string page = "/tablon/" + anuncio.slug();
    for (std::size_t i = 0; i < c.archivos.size(); ++i) {
        const auto& archivo = c.archivos[i];
        Json metadata = Json::object({{"organo", c.organo},
                                      {"numero", anuncio.numero->text()},
                                      {"tipo", c.tipo},
                                      {"tipo_documental", "TD08"},
                                      {"desde", c.desde.iso()},
                                      {"hasta", c.hasta.iso()}});
        if (!c.referencia.empty()) metadata["referencia"] = c.referencia;
        const auto sealed =
            evidence.seal({"sede." + anuncio.numero->slug() + "." + std::to_string(i), archivo.sha256.text(),
                           archivo.nombre, c.titulo, c.idioma, page, metadata, !later,
                           page + "/" + archivo.slug, anuncio.visible->hasta});
        if (!sealed) return;
        anuncios.sealed(anuncio.id, i, sealed->csv);
        if (later)
            entorno_.call.enqueue(tx_, Json::object({{"kind", "exponer"},
                                                     {"payload", Json::object({{"csv", sealed->csv}})},
                                                     {"run_at", anuncio.visible->desde},
                                                     {"unique", sealed->csv}}));
    }
}

void register_exposure(concejo::Kernel& kernel) {
    kernel.job("exponer",
               [](const concejo::Call& call, const Json& payload, const concejo::Job&) {
                   auto tx = call.begin();
                   concejo::services::Evidence(call, tx).publish(payload.string_or("csv", ""));
                   tx.commit();
               },
               {.label = N_("Comienzo de una exposición programada")});
}

}  // namespace sede
