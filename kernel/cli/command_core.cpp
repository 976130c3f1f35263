#include "kernel/cli/command_core.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/runtime/privileges.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::cli {

CommandCore::CommandCore(const Context& context) {
    const auto paths = context.paths();
    const auto platform = runtime::read_configuration(paths, paths.config());
    if (!platform.installation.usable)
        throw concejo::Error(concejo::ErrorKind::invalid,
                             base::tr("la configuración de {0} tiene errores:\n{1}", paths.config().string(),
                                      platform.installation.problems.text()));
    runtime::hand_over_folders(paths, platform.installation.platform);
    runtime::drop_privileges(platform.installation.platform);
    database_ = std::make_unique<runtime::DatabaseSession>(paths, platform.installation.platform);
    core_ = std::make_unique<runtime::Core>(paths, paths.config(), "concejo");
}

const tenancy::Tenant& CommandCore::tenant(const std::string& slug) const {
    if (const auto* found = core_->tenants->by_slug(slug)) return *found;
    std::string known;
    for (const auto& tenant : core_->tenants->all())
        known += (known.empty() ? "" : ", ") + tenant->config.slug;
    throw concejo::Error(concejo::ErrorKind::invalid,
                         base::tr("no hay ningún municipio «{0}»; los que hay: {1}", slug, known));
}

}  // namespace kernel::cli
