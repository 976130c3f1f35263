#include "kernel/runtime/quarantine_audit.hpp"

#include "kernel/audit/audit.hpp"
#include "kernel/base/clock.hpp"
#include "kernel/mail/mail.hpp"
#include "kernel/runtime/configuration.hpp"
#include "kernel/runtime/databases.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::runtime {
namespace {

/// From the municipality it happened to, else from the one that administers, else from the first. The key
/// makes one message of what is tried again.
void tell_administrators(Databases& databases, const config::Installation& installation,
                         const crash::Quarantine& quarantine) {
    const auto& platform = installation.platform;
    if (platform.admin_mail.empty() || !platform.mail || installation.municipios.empty()) return;
    const auto* sender = &installation.municipios.front();
    for (const auto& municipio : installation.municipios) {
        if (municipio.id == quarantine.tenant) sender = &municipio;
        if (quarantine.tenant.empty() && municipio.slug == platform.admin_municipio) sender = &municipio;
    }
    const auto where = quarantine.tenant.empty() ? std::string("todos los municipios") : sender->name;
    mail::Draft draft;
    draft.plugin = quarantine.plugin;
    draft.key = fmt::format("cuarentena {} {} {}", quarantine.plugin, quarantine.tenant,
                            quarantine.since.time_since_epoch().count());
    draft.host = sender->domains.front();
    draft.from_name = "Concejo";
    for (const auto& address : platform.admin_mail) draft.to.push_back(mail::Address::parse(address));
    draft.subject = fmt::format("El complemento «{}» está en cuarentena en {}", quarantine.plugin, where);
    draft.text = fmt::format(
        "El complemento «{0}» ha caído {1} veces en diez minutos ({2}) y ya no se le llama en {3}: sus "
        "páginas\n"
        "responden 503 y todo lo demás sigue.\n\n"
        "Qué hacer: mire por qué cae (concejo plugin list), corríjalo o actualícelo y devuélvalo al servicio "
        "con\n\n"
        "  concejo plugin restore {0}\n",
        quarantine.plugin, quarantine.crashes, quarantine.reason, where);
    auto tx = databases.named(sender->database).begin_kernel(sender->id);
    mail::queue(tx, draft);
    tx.commit();
}

}  // namespace

void audit_quarantine(const paths::Paths& paths, const crash::Quarantine& quarantine,
                      const std::string& lifted_by) {
    const bool lifted = !lifted_by.empty();
    const auto installation = read_configuration(paths, paths.config()).installation;
    const auto& municipios = installation.municipios;
    const auto place = std::find_if(municipios.begin(), municipios.end(),
                                    [&](const auto& municipio) { return municipio.id == quarantine.tenant; });
    audit::Event event;
    event.tenant = place == municipios.end() ? std::string() : quarantine.tenant;
    event.actor = lifted ? lifted_by : "system:supervisor";
    event.action = lifted ? "plugin.restore" : "plugin.quarantine";
    event.object = quarantine.plugin;
    event.result = "ok";
    event.details = concejo::Json::object({{"why", quarantine.reason}, {"crashes", quarantine.crashes}});
    Databases databases(paths, installation.platform, "concejo supervisor");
    if (!lifted) tell_administrators(databases, installation, quarantine);
    audit::record(databases.named(place == municipios.end() ? std::string() : place->database), event);
}

}  // namespace kernel::runtime
