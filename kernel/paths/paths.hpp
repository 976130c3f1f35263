// Where an installation keeps its things, and where the program's own parts lie.
#pragma once

#include <filesystem>

namespace kernel::paths {

/// --dir DIR: config/ is the municipality's, data/ the installation's, run/ lasts as long as the server.
struct Paths {
    std::filesystem::path dir;

    explicit Paths(const std::filesystem::path& folder)
        : dir(std::filesystem::absolute(folder).lexically_normal()) {}

    std::filesystem::path config() const { return dir / "config"; }
    std::filesystem::path data() const { return dir / "data"; }
    std::filesystem::path run() const { return dir / "run"; }
    std::filesystem::path admin_socket() const { return run() / "admin.sock"; }
    std::filesystem::path metrics_socket() const { return run() / "metrics.sock"; }
    std::filesystem::path server_file() const { return run() / "server.json"; }
    /// Which municipalities have new pages, mapped by every process of the node.
    std::filesystem::path page_changes() const { return run() / "paginas"; }
    /// A generation's own copy of the configuration, so that a worker started late reads what its generation
    /// read. Beside config/, so that its relative paths mean the same.
    std::filesystem::path snapshot(unsigned generation) const {
        return dir / (".generacion-" + std::to_string(generation));
    }
};

/// share/concejo and lib/concejo beside the running program (build tree and installed tree have the same
/// shape).
std::filesystem::path program_file();
std::filesystem::path share_folder();
std::filesystem::path official_plugins_folder();

}  // namespace kernel::paths
