#include "kernel/runtime/quarantine_audit.hpp"

#include "kernel/audit/audit.hpp"
#include "kernel/runtime/configuration.hpp"
#include "kernel/runtime/databases.hpp"

#include <algorithm>

namespace kernel::runtime {

void audit_quarantine(const paths::Paths& paths, const crash::Quarantine& quarantine, bool lifted) {
    const auto installation = read_configuration(paths, paths.config()).installation;
    const auto& municipios = installation.municipios;
    const auto place = std::find_if(municipios.begin(), municipios.end(),
                                    [&](const auto& municipio) { return municipio.id == quarantine.tenant; });
    audit::Event event;
    event.tenant = place == municipios.end() ? std::string() : quarantine.tenant;
    event.actor = lifted ? "system:cli" : "system:supervisor";
    event.action = lifted ? "plugin.restore" : "plugin.quarantine";
    event.object = quarantine.plugin;
    event.result = "ok";
    event.details = concejo::Json::object({{"why", quarantine.reason}, {"crashes", quarantine.crashes}});
    Databases databases(paths, installation.platform, "concejo supervisor");
    audit::record(databases.named(place == municipios.end() ? std::string() : place->database), event);
}

}  // namespace kernel::runtime
