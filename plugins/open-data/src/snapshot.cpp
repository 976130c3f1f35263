#include "snapshot.hpp"

#include "dump.hpp"

#include <concejo/services/evidence.hpp>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;

void need_citable(const Dataset& dataset, const Version& version) {
    if (!dataset.visible() || !version.is_public)
        throw Error(ErrorKind::conflict, N_("Solo se cita lo que está publicado."));
    if (version.erased) throw Error(ErrorKind::conflict, N_("El contenido de esa versión ya no está."));
    if (version.blob.empty())
        throw Error(ErrorKind::conflict, N_("Las filas de esa versión cambian por la API: cargue un archivo "
                                            "para tener una versión que se pueda citar."));
    if (version.cited) throw Error(ErrorKind::conflict, N_("Esa versión ya se puede citar."));
}

/// Its code of verification; empty where nothing seals here.
std::string sealed(const Portal& portal, concejo::Transaction& tx, const Dataset& dataset,
                   const Resource& resource, const Version& version, const char* what,
                   const std::string& sha256, const std::string& file) {
    const auto page =
        "/datos/" + dataset.name + "/versiones/" + resource.id + "/" + std::to_string(version.number);
    const auto title = text_in(dataset.meta["title"], "es") + ": " + text_in(resource.meta["name"], "es") +
                       ", versión " + std::to_string(version.number);
    const Json metadata = Json::object({{"conjunto", dataset.name},
                                        {"recurso", resource.id},
                                        {"version", std::to_string(version.number)},
                                        {"filas", std::to_string(version.accepted)},
                                        {"contenido", what}});
    const auto made =
        concejo::services::Evidence(portal.call, tx)
            .seal({"datos." + resource.id + "." + std::to_string(version.number) + "." + what[0],
                   sha256,
                   file,
                   title,
                   "es",
                   page,
                   metadata,
                   true,
                   page + "/" + file,
                   {}});
    return made ? made->csv : std::string();
}

/// The year of a date that is written in any of the languages.
std::string year_in(const std::string& date) {
    std::size_t figures = 0;
    for (std::size_t i = 0; i < date.size(); ++i) {
        figures = date[i] >= '0' && date[i] <= '9' ? figures + 1 : 0;
        if (figures == 4) return date.substr(i - 3, 4);
    }
    return {};
}

std::optional<std::string> null_if_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void make_snapshot(const Portal& portal, const Dataset& dataset, const Resource& resource,
                   const Version& version) {
    need_citable(dataset, version);
    const auto& call = portal.call;
    std::optional<Dump> dump;
    if (version.has_rows()) {
        std::optional<Resource> then;
        {
            auto tx = call.begin();
            then = as_of(tx, resource, version);
        }
        dump = dump_of(call, *then, {*dump_format("csv")});
    }
    auto tx = call.begin();
    // Whoever is second finds that it is cited.
    if (tx.exec("UPDATE open_data_version SET cited_at = now() WHERE resource = $1::uuid AND number = $2 AND "
                "cited_at IS NULL AND erased_at IS NULL",
                resource.id, version.number)
            .affected() != 1)
        throw Error(ErrorKind::conflict, N_("Esa versión ya se puede citar."));
    if (dump) call.keep_blob(tx, dump->blob);
    const auto csv = sealed(portal, tx, dataset, resource, version, "original", version.blob,
                            slug_of_file(version.file_name));
    const auto dump_csv =
        dump ? sealed(portal, tx, dataset, resource, version, "filas", dump->blob, "instantanea.csv")
             : std::string();
    tx.exec(
        "UPDATE open_data_version SET dump = $3, dump_bytes = $4::bigint, csv = $5, dump_csv = $6 WHERE "
        "resource = $1::uuid AND number = $2",
        resource.id, version.number, dump ? std::optional(dump->blob) : std::nullopt,
        dump ? std::optional(dump->bytes) : std::nullopt, null_if_empty(csv), null_if_empty(dump_csv));
    call.audit(tx, "open-data.citar", resource.id, "ok",
               Json::object({{"version", version.number}, {"sha256", version.blob}, {"csv", csv}}));
    call.pages_changed(tx);
    tx.commit();
}

void erase_version(const Portal& portal, concejo::Transaction& tx, const Resource& resource,
                   const Version& version, const std::string& reason, Erase how) {
    const auto& call = portal.call;
    if (version.number == resource.version)
        throw Error(ErrorKind::conflict,
                    N_("La versión en uso no se retira: cargue otra o retire el conjunto."));
    if (version.erased) throw Error(ErrorKind::conflict, N_("El contenido de esa versión ya no está."));
    const concejo::services::Evidence evidence(call, tx);
    for (const auto& csv : {version.csv, version.dump_csv})
        if (!csv.empty()) evidence.withdraw(csv);
    // A version that only reads the same file anew (a type was corrected) has a use of its own of it.
    if (!version.blob.empty()) call.remove_blob(tx, version.blob);
    if (!version.dump.empty()) call.remove_blob(tx, version.dump);
    forget_dumps(call, tx, resource.id, version.number);
    tx.exec("DELETE FROM open_data_comparison WHERE resource = $1::uuid AND (older = $2 OR newer = $2)",
            resource.id, version.number);
    if (!version.table.empty() && how == Erase::all) call.drop_table(tx, version.table);
    tx.exec(
        "UPDATE open_data_version SET erased_at = now(), erased_reason = $3, table_name = NULL, report = "
        "report - 'rejects' WHERE resource = $1::uuid AND number = $2",
        resource.id, version.number, reason);
    call.audit(tx, "open-data.retirar-version", resource.id, "ok",
               Json::object({{"version", version.number}, {"motivo", reason}}));
    call.pages_changed(tx);
}

void withdraw_seals(const concejo::Call& call, concejo::Transaction& tx, const std::string& id) {
    const concejo::services::Evidence evidence(call, tx);
    for (
        const auto row : tx.exec(
            "SELECT v.csv, v.dump_csv FROM open_data_version v JOIN open_data_resource r ON r.id = "
            "v.resource WHERE (r.dataset = $1::uuid OR r.id = $1::uuid) AND v.csv IS NOT NULL AND v.erased_at IS NULL",
            id))
        for (const std::uint32_t column : {0u, 1u})
            if (!row.is_null(column)) evidence.withdraw(row.view(column));
}

std::string citation_of(const Portal& portal, const Dataset& dataset, const Resource& resource,
                        const Version& version) {
    const auto& call = portal.call;
    const auto day = call.instant(version.loaded_at, concejo::Style::long_,
                                  static_cast<concejo::Style>(-1));  // without the time
    auto title = portal.title(dataset);
    if (const auto own = portal.title(resource); own != title) title += ": " + own;
    return concejo::fill(
               call.tr(
                   "{autor} ({anio}). {titulo}. Versión {n}, de {fecha} [conjunto de datos]. {direccion}"),
               {{"autor", portal.municipality.string_or("name", "")},
                {"anio", year_in(day)},
                {"titulo", title},
                {"n", std::to_string(version.number)},
                {"fecha", day},
                {"direccion", permanent_url(portal, resource, version.number)}}) +
           (version.blob.empty() ? std::string() : " SHA-256: " + version.blob + ".") +
           (version.csv.empty() ? std::string()
                                : " " + call.tr("Código seguro de verificación") + ": " + version.csv + ".");
}

}  // namespace open_data
