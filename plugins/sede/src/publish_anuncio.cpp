#include "publish_anuncio.hpp"

#include "sql.hpp"

namespace sede {

using concejo::Json;

concejo::Result<Anuncio, std::vector<Aviso>> PublishAnuncio::operator()(const Anuncio& borrador) {
    const Instante now = when_.value_or(entorno_.now);
    if (!allows(borrador.situacion(now), Accion::publicar))
        return std::vector<Aviso>{{"", N_("Este anuncio ya está publicado."), {}}};
    if (auto avisos = why_not_publishable(borrador.contenido, {entorno_.hoy, admite_pasado_}); !avisos.empty()) return avisos;
    const Ventana visible = ventana(borrador.contenido, entorno_.zona);
    if (visible.desde >= visible.hasta)
        return std::vector<Aviso>{{"fecha_programada", N_("La publicación programada debe ser anterior al fin de la exposición."), {}}};

    AnuncioRepository anuncios(tx_);
    const Quien quien = entorno_.quien();
    anuncios.publish(borrador.id, entorno_.zona.day_of(now).year(), visible, now, quien);
    const Anuncio publicado = sql::need(anuncios.find(borrador.id));
    const bool later = visible.desde > now;
    const Json detalle = Json::object({{"numero", publicado.numero->text()},
                                       {"visible_desde", entorno_.zona.rfc3339(visible.desde)},
                                       {"visible_hasta", entorno_.zona.rfc3339(visible.hasta)},
                                       {"sha256", borrador.contenido.archivos.front().sha256.text()}});
    anuncios.note(borrador.id, later ? "programar" : "publicar", now, quien, detalle);
    entorno_.call.audit(tx_, later ? "sede.anuncio.programar" : "sede.anuncio.publicar", borrador.id.text(), "ok", detalle);
    entorno_.call.publish_event(tx_, "sede.anuncio.publicado",
                                Json::object({{"id", borrador.id.text()},
                                              {"numero", publicado.numero->text()},
                                              {"tipo", borrador.contenido.tipo},
                                              {"titulo", borrador.contenido.titulo},
                                              {"desde", borrador.contenido.desde.iso()},
                                              {"hasta", borrador.contenido.hasta.iso()},
                                              {"visible_desde", visible.desde},
                                              {"sha256", borrador.contenido.archivos.front().sha256.text()}}));
    entorno_.call.pages_changed(tx_);
    return publicado;
}

}  // namespace sede
