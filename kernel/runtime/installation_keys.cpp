#include "kernel/runtime/installation_keys.hpp"

namespace kernel::runtime {

std::filesystem::path key_file(const config::PlatformConfig& platform) {
    return platform.data / "claves" / "identidad.clave";
}

identity::Keys installation_keys(const config::PlatformConfig& platform) {
    const auto& given = platform.access.key;
    if (!given.empty()) return identity::Keys::from_text(given.reveal());
    std::filesystem::create_directories(key_file(platform).parent_path());
    return identity::Keys::from_file(key_file(platform));
}

}  // namespace kernel::runtime
