#include "kernel/cli/doctor_files.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/blobs/collector.hpp"
#include "kernel/runtime/databases.hpp"
#include "kernel/runtime/files.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::cli {
namespace {

constexpr std::size_t most_named = 5;

/// `what` says how many of whose.
std::string named(const std::vector<std::string>& ids, const std::string& what) {
    if (ids.empty()) return {};
    std::string text = what + ":";
    for (std::size_t i = 0; i < std::min(ids.size(), most_named); ++i) text += " " + ids[i];
    return text + (ids.size() > most_named ? " …; " : "; ");
}

tenancy::Tenants tenants_of(const config::Installation& installation) {
    std::vector<std::unique_ptr<tenancy::Tenant>> all;
    for (const auto& municipio : installation.municipios) {
        auto tenant = std::make_unique<tenancy::Tenant>();
        tenant->config = municipio;
        tenant->id = municipio.id;
        tenant->schema = "m_" + municipio.id;
        all.push_back(std::move(tenant));
    }
    return tenancy::Tenants(std::move(all));
}

}  // namespace

std::string examine_files(Context& context, const config::Installation& installation, bool read_all) {
    const auto paths = context.paths();
    const auto& platform = installation.platform;
    if (runtime::uses_embedded_cluster(platform) &&
        runtime::embedded_cluster(paths, platform)->status() != db::ClusterStatus::running) {
        if (read_all)
            throw concejo::Error(
                concejo::ErrorKind::unavailable,
                base::tr("para leerlos hace falta la base de datos: arranque el servidor (concejo serve)"));
        return base::tr("no se han mirado: la base de datos está parada");
    }
    const auto tenants = tenants_of(installation);
    runtime::Databases databases(paths, platform, "concejo doctor");
    const auto store = runtime::open_store(platform, tenants, databases);
    std::uint64_t contents = 0, bytes = 0;
    std::string wrong;
    for (const auto& tenant : tenants.all()) {
        auto& pool = databases.of(*tenant);
        const auto health =
            read_all ? blobs::examine(*store, pool, tenant->id,
                                      [&](std::uint64_t done, std::uint64_t total) {
                                          if (!context.json)
                                              context.terminal.progress(done, total, tenant->config.slug);
                                      })
                     : blobs::look(*store, pool, tenant->id);
        contents += health.contents;
        bytes += health.bytes;
        wrong +=
            named(health.missing, base::tr("{0}: {1} faltan", tenant->config.slug, health.missing.size())) +
            named(health.damaged,
                  base::tr("{0}: {1} están dañados", tenant->config.slug, health.damaged.size()));
    }
    if (!wrong.empty())
        throw concejo::Error(concejo::ErrorKind::internal,
                             wrong + base::tr("restáurelos de una copia o vuelva a subirlos"));
    return fmt::format(
        "{} ({} MiB), {}", contents, bytes >> 20,
        read_all ? base::tr("leídos enteros: cada uno con su sha-256") : base::tr("todos en su sitio"));
}

}  // namespace kernel::cli
