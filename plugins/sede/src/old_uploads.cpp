// Uploads that no announcement came to hold, or whose draft was discarded: given back after a week.
#include "paginas.hpp"

#include <concejo/text.hpp>

namespace sede {
namespace {

/// Every upload of a content is one use of it; all of them go.
void give_back(const concejo::Call& call, concejo::Transaction& tx, const std::string& sha256) {
    try {
        for (;;) call.remove_blob(tx, sha256);
    } catch (const concejo::Error& error) {
        if (error.kind() != concejo::ErrorKind::not_found) throw;
    }
    tx.exec("DELETE FROM sede_subida WHERE sha256 = $1", sha256);
}

}  // namespace

void register_old_uploads(concejo::Kernel& kernel) {
    kernel.job(
        "subidas-olvidadas",
        [](const concejo::Call& call, const concejo::Json&, const concejo::Job&) {
            auto tx = call.begin();
            const auto rows = tx.exec(
                "SELECT sha256 FROM sede_subida s WHERE subido_en < now() - interval '7 days' AND NOT EXISTS (SELECT 1 FROM sede_archivo a WHERE a.sha256 = s.sha256) "
                "ORDER BY subido_en LIMIT 500 FOR UPDATE");
            for (const auto& row : rows) give_back(call, tx, row.text(0));
            tx.commit();
        },
        {.label = concejo::N_("Borra los archivos subidos que nadie publicó")});
    kernel.schedule(concejo::Json::object({{"kind", "subidas-olvidadas"}, {"cron", "40 3 * * *"}}));
}

}  // namespace sede
