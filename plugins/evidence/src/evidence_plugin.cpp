// Proof of what is published: seal, timestamps, publication log, verification.
#include "pages.hpp"

namespace evidence {

class Evidence {
public:
    explicit Evidence(concejo::Kernel& kernel) {
        declare_actions(kernel);
        register_service(kernel);
        register_verify(kernel);
        register_seals(kernel);
        register_log(kernel);
        register_dating(kernel);
        register_material(kernel);
        register_archiving(kernel);
        register_keeping(kernel);
        register_witness(kernel);
        register_witnesses(kernel);
        register_watch(kernel);
        register_availability(kernel);
        register_copies(kernel);
        register_copy_commands(kernel);
        register_expediente(kernel);
        register_import(kernel);
        register_commands(kernel);
        register_checks(kernel);
    }

private:
    static void declare_actions(concejo::Kernel& kernel) {
        kernel.action("evidence.copia", N_("Copia auténtica expedida"));
        kernel.action("evidence.suprimir", N_("Contenido suprimido por protección de datos"));
        kernel.action("evidence.sellar", N_("Sello de lo que se publica"),
                      N_("Cada archivo que se publica recibe el sello electrónico, un código seguro de "
                         "verificación, un sello de "
                         "tiempo y una anotación en el registro de publicación. Responde el titular del "
                         "sello; cualquiera puede "
                         "comprobarlo. No aprende de ningún dato."));
        kernel.action(
            "evidence.expedir", N_("Copias selladas y documentos ENI de lo publicado"),
            N_("A petición de cualquiera se expiden, con el sello electrónico, la copia con su código y un QR en cada "
               "página y el documento ENI de lo que ya se selló. Responde el titular del sello; cualquiera puede "
               "comprobarlos. No aprende de ningún dato."));
        kernel.action("evidence.disponibilidad", N_("Control de la disponibilidad de lo publicado"),
                      N_("A intervalos fijos se pide cada documento en su dirección pública y se anota si "
                         "estaba y si era el mismo; "
                         "el parte de cada día se sella. Responde el titular de la sede; las anotaciones "
                         "forman parte del registro "
                         "de publicación, que cualquiera puede comprobar. No aprende de ningún dato."));
        kernel.action("evidence.diligencia", N_("Diligencia de exposición"),
                      N_("A petición de una persona autorizada se expide, con sello electrónico, el "
                         "documento que dice desde cuándo y "
                         "hasta cuándo estuvo disponible un anuncio, a partir del control de la "
                         "disponibilidad. Responde el titular "
                         "del sello. No aprende de ningún dato."));
        kernel.action("evidence.renovar", N_("Renovación de las pruebas archivadas"),
                      N_("Antes de que envejezcan, las firmas y los sellos de tiempo archivados reciben otro "
                         "sello de tiempo que los "
                         "cubre (RFC 4998). Responde el titular del sello; cada prueba se puede descargar y "
                         "comprobar. No aprende de "
                         "ningún dato."));
    }
};

}  // namespace evidence

CONCEJO_PLUGIN(evidence::Evidence, "evidence", "1.0.0",
               "log/1 http/1 pages/1 db/1 config/1 i18n/1 identity/1 cli/1 bus/1 audit/1 blobs/1 process/1 "
               "jobs/1 http_client/1",
               "", "evidence:1")
