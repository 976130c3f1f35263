#include "kernel/cli/command_core.hpp"

#include "kernel/runtime/privileges.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::cli {

CommandCore::CommandCore(const Context& context) {
    const auto paths = context.paths();
    const auto platform = runtime::read_configuration(paths, paths.config());
    if (!platform.installation.usable)
        throw concejo::Error(concejo::ErrorKind::invalid,
                             fmt::format("la configuración de {} tiene errores:\n{}", paths.config().string(),
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
                         fmt::format("no hay ningún municipio «{}»; los que hay: {}", slug, known));
}

}  // namespace kernel::cli
