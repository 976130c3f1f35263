// es.miayto.esqueleto. Empiece a leer aquí: el constructor dice todo lo que el complemento ofrece. Concejo lo
// llama una vez en cada proceso; después las funciones corren en muchos hilos a la vez, así que lo que dura
// está en la base de datos.
#include "notas.hpp"
#include "paginas.hpp"

namespace es_miayto_esqueleto {

using concejo::Json;
using concejo::RouteOptions;

class EsqueletoPlugin {
public:
    explicit EsqueletoPlugin(concejo::Kernel& kernel) {
        kernel.permission(may_publish, N_("Publicar notas"));
        kernel.role("es.miayto.esqueleto", N_("Notas"), {may_publish});
        // Cómo se lee en el registro de actividad lo que audit() anota.
        kernel.action("es.miayto.esqueleto.publicar", N_("Nota publicada"));

        kernel.page("/esqueleto", show_notas, RouteOptions{.permission = {}, .cached = true});
        kernel.menu(
            Json::object({{"place", "main"}, {"label", N_("Notas")}, {"path", "/esqueleto"}, {"order", 90}}));

        const RouteOptions allowed{.permission = may_publish};
        kernel.staff("/esqueleto", show_staff, allowed);
        kernel.staff_post("/esqueleto", add_nota, allowed);
        kernel.menu(Json::object({{"place", "staff"},
                                  {"label", N_("Notas")},
                                  {"path", "/gestion/esqueleto"},
                                  {"icon", "file-text"},
                                  {"order", 90},
                                  {"permission", may_publish}}));

        // Cada noche. begin() dentro de un trabajo es parte de la transacción que lo da por hecho: o todo o
        // nada.
        kernel.job("caducar", [](const concejo::Call& call, const Json&, const concejo::JobProgress&) {
            auto tx = call.begin();
            if (NotaRepository(tx).remove_older_than(call.settings().at("dias").as_int()) > 0)
                call.pages_changed(tx);
            tx.commit();
        });
        kernel.schedule(Json::object({{"kind", "caducar"}, {"cron", "15 3 * * *"}}));
    }
};

}  // namespace es_miayto_esqueleto

// Lo que Concejo lee del fichero antes de ejecutarlo: clase, identificador, versión, lo que necesita, lo que
// usa si está, y lo que ofrece a otros complementos.
CONCEJO_PLUGIN(es_miayto_esqueleto::EsqueletoPlugin, "es.miayto.esqueleto", "0.1.0",
               "http/1 pages/1 db/1 config/1 i18n/1 identity/1 audit/1 jobs/1", "", "")
