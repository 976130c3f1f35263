// `usuario:` of platform.yaml: who works with the installation's files when root starts it.
#pragma once

#include "kernel/config/platform_config.hpp"
#include "kernel/paths/paths.hpp"

#include <sys/types.h>

#include <utility>

namespace kernel::runtime {

/// As root and with `usuario:`, gives that user the folders that workers write to. Throws
/// concejo::Error{invalid} for a user that does not exist.
void hand_over_folders(const paths::Paths&, const config::PlatformConfig&);

/// The same for a generation's copy of the configuration. Secrets stay whose they are: they must be that
/// user's.
void hand_over_snapshot(const paths::Paths&, const config::PlatformConfig&, unsigned generation);

/// As root and with `usuario:`, that user's numbers; else -1 both: things stay whose they are. Throws as
/// above.
std::pair<uid_t, gid_t> account_of(const config::PlatformConfig&);

/// The admin socket: the workers' pages ask through it for what only the supervisor may do.
void hand_over_admin_socket(const paths::Paths&, const config::PlatformConfig&);

/// As root and with `usuario:`, this process goes on as that user, for good. Otherwise nothing.
void drop_privileges(const config::PlatformConfig&);

}  // namespace kernel::runtime
