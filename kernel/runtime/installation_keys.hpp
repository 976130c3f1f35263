// The installation's own key: a secret that every node is given, or a file of the only node's.
#pragma once

#include "kernel/config/platform_config.hpp"
#include "kernel/identity/keys.hpp"

namespace kernel::runtime {

/// Where it stands unless `acceso.clave` gives it.
std::filesystem::path key_file(const config::PlatformConfig&);
/// Makes the file where there is neither. Errors are those of Keys.
identity::Keys installation_keys(const config::PlatformConfig&);

}  // namespace kernel::runtime
