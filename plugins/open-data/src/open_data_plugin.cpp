// The open-data portal: catalogue, rows, API, metadata.
#include "comparison.hpp"
#include "contributions.hpp"
#include "dump.hpp"
#include "following.hpp"
#include "harvest_jobs.hpp"
#include "left_sources.hpp"
#include "live_dataset.hpp"
#include "load_file.hpp"
#include "load_later.hpp"
#include "map_rows.hpp"
#include "portal.hpp"
#include "pull.hpp"
#include "removal.hpp"
#include "review.hpp"
#include "service.hpp"
#include "words_index.hpp"

namespace open_data {

class OpenData {
public:
    explicit OpenData(concejo::Kernel& kernel) {
        kernel.permission(may_edit, N_("Redactar conjuntos de datos"));
        kernel.permission(may_publish, N_("Publicar y retirar conjuntos de datos"));
        kernel.permission(may_write, N_("Escribir en el portal de datos por su API"));
        kernel.permission(may_collaborate,
                          N_("Colaborar por su API en los conjuntos de datos en que se le nombre"));
        kernel.role("datos", N_("Datos abiertos"), {may_edit, may_publish, may_write});
        kernel.role("secretaria", N_("Secretaría"), {may_edit, may_publish});
        kernel.role("redaccion", N_("Redacción"), {may_edit});
        kernel.action("open-data.cargar", N_("Datos cargados"));
        kernel.action("open-data.crear", N_("Conjunto de datos creado"));
        kernel.action("open-data.publicar", N_("Conjunto de datos publicado"));
        kernel.action("open-data.cambiar", N_("Conjunto de datos cambiado"));
        kernel.action("open-data.retirar", N_("Conjunto de datos retirado"));
        kernel.action("open-data.revisar", N_("Paso de la revisión de un conjunto de datos"));
        kernel.action("open-data.citar", N_("Versión de datos hecha citable"));
        kernel.action("open-data.retirar-version", N_("Contenido de una versión de datos retirado"));
        kernel.action("open-data.descargar", N_("Descarga periódica de datos"));
        kernel.action("open-data.moderar", N_("Aportación al portal de datos decidida"));
        kernel.action("open-data.colaborador", N_("Colaborador de un conjunto de datos añadido o quitado"));
        kernel.action("open-data.servicio",
                      N_("Servicio de datos creado, cambiado, publicado, retirado o borrado"));
        kernel.action("open-data.borrar", N_("Conjunto de datos borrado del todo"));
        register_catalogue(kernel);
        register_dataset(kernel);
        register_versions(kernel);
        register_changes(kernel);
        register_comparisons(kernel);
        register_profiles(kernel);
        register_table(kernel);
        register_charts(kernel);
        register_maps(kernel);
        register_map_rows(kernel);
        register_quality(kernel);
        register_downloads(kernel);
        register_descriptors(kernel);
        register_metadata(kernel);
        register_feeds(kernel);
        register_openapi(kernel);
        register_services(kernel);
        register_staff(kernel);
        register_staff_services(kernel);
        register_contributions(kernel);
        register_following(kernel);
        register_digests(kernel);
        register_staff_contributions(kernel);
        register_commands(kernel);
        register_ckan(kernel);
        register_organization_images(kernel);
        register_ckan_addresses(kernel);
        register_words(kernel);
        register_live_datasets(kernel);
        register_loads(kernel);
        register_review(kernel);
        register_pulls(kernel);
        register_harvest(kernel);
        register_harvest_command(kernel);
        register_staff_harvest(kernel);
        register_left_sources(kernel);
        kernel.job("limpiar", [](const concejo::Call& call, const Json& payload, const concejo::Job&) {
            purge_removed(call);
            // What was erased goes now; what is only old, at night, when nobody is looking at it.
            drop_old_tables(call, payload.bool_or("erased", false)
                                      ? every_version
                                      : static_cast<int>(call.settings().int_or("versiones", 2)));
            drop_old_selections(call);
        });
        kernel.schedule(Json::object({{"kind", "limpiar"}, {"cron", "40 3 * * *"}}));
        kernel.job(
            "olvidar",
            [](const concejo::Call& call, const Json&, const concejo::Job&) {
                auto tx = call.begin();
                Contributions(tx).forget();
                tx.commit();
            },
            concejo::JobOptions{.label = N_("Olvidar lo que se envió al portal de datos y no se publicó")});
        kernel.schedule(Json::object({{"kind", "olvidar"}, {"cron", "50 3 * * *"}}));
    }
};

}  // namespace open_data

CONCEJO_PLUGIN(
    open_data::OpenData, "open-data", "1.0.0",
    "log/1 http/1 pages/1 db/1 config/1 i18n/1 identity/1 cli/1 audit/1 blobs/1 jobs/1 tables/1 bus/1 http_client/1 process/1 mail/1",
    "evidence:1", "open-data:1")
