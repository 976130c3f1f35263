// The legal clock: which days count, when terms end and why, and what moves them.
#include "paginas.hpp"
#include "texto.hpp"

namespace calendar {

class Calendar {
public:
    explicit Calendar(concejo::Kernel& kernel) {
        kernel.permission(may_manage, N_("Publicar incidencias técnicas y ampliaciones de plazos"));
        kernel.role("secretaria", N_("Secretaría"), {may_manage});
        kernel.action("calendar.incidencia.publicar", N_("Incidencia técnica publicada"));
        kernel.action("calendar.incidencia.resolver", N_("Incidencia técnica resuelta"));
        kernel.action("calendar.incidencia.ampliar", N_("Plazos ampliados"));
        kernel.action("calendar.incidencia.anular", N_("Ampliación de plazos anulada"));
        kernel.action("calendar.incidencia.rectificar", N_("Incidencia técnica rectificada"));
        register_year(kernel);
        register_calculator(kernel);
        register_incidents(kernel);
        register_api(kernel);
        register_service(kernel);
        register_staff(kernel);
        register_commands(kernel);
    }
};

}  // namespace calendar

CONCEJO_PLUGIN(calendar::Calendar, "calendar", "1.0.0",
               "log/1 http/1 pages/1 db/1 config/1 i18n/1 identity/1 cli/1 bus/1 audit/1", "", "calendar:1")
