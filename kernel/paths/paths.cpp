#include "kernel/paths/paths.hpp"

namespace kernel::paths {

namespace fs = std::filesystem;

fs::path program_file() { return fs::read_symlink("/proc/self/exe"); }

namespace {
fs::path prefix() { return program_file().parent_path().parent_path(); }
}  // namespace

fs::path share_folder() { return prefix() / "share" / "concejo"; }
fs::path official_plugins_folder() { return prefix() / "lib" / "concejo" / "plugins"; }

}  // namespace kernel::paths
