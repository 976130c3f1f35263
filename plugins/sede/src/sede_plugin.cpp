// The sede: home page, board of announcements, legal pages.
#include "open_data.hpp"
#include "paginas.hpp"
#include "publish_anuncio.hpp"
#include "text.hpp"

namespace sede {

class Sede {
public:
    explicit Sede(concejo::Kernel& kernel) {
        kernel.permission(may_edit, N_("Redactar anuncios del tablón"));
        kernel.permission(may_publish, N_("Publicar y retirar anuncios del tablón"));
        kernel.role("secretaria", N_("Secretaría"), {may_edit, may_publish});
        kernel.role("redaccion", N_("Redacción"), {may_edit});
        kernel.action("sede.anuncio.crear", N_("Borrador de anuncio guardado"));
        kernel.action("sede.anuncio.descartar", N_("Borrador de anuncio descartado"));
        kernel.action("sede.anuncio.programar", N_("Publicación de anuncio programada"));
        kernel.action("sede.anuncio.publicar", N_("Anuncio publicado"));
        kernel.action("sede.anuncio.retirar", N_("Anuncio retirado"));
        kernel.action(
            "sede.anuncio.exponer", N_("Publicación programada y fin de la exposición de los anuncios"),
            N_("Empiezan y terminan a la hora que una persona decidió al publicar. Responde el órgano que publica; cada paso queda en la historia del anuncio. No aprende de ningún dato."));
        register_home(kernel);
        register_board(kernel);
        register_api(kernel);
        register_legal(kernel);
        register_staff(kernel);
        register_form(kernel);
        register_articulo_11(kernel);
        register_commands(kernel);
        register_exposure(kernel);
        register_open_data(kernel);
        register_old_uploads(kernel);
    }
};

}  // namespace sede

CONCEJO_PLUGIN(
    sede::Sede, "sede", "1.0.0",
    "log/1 http/1 pages/1 db/1 config/1 i18n/1 identity/1 cli/1 bus/1 audit/1 blobs/1 process/1 jobs/1",
    "calendar:1 evidence:1 open-data:1", "")
