// A copy of an installation, or of one municipality of it, while it works.
#pragma once

#include "kernel/blobs/store.hpp"
#include "kernel/db/transaction.hpp"
#include "kernel/identity/keys.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace kernel::backup {

inline constexpr int format = 1;
inline constexpr const char* header_member = "concejo.json";

/// A file of the installation and its name in the copy.
using NamedFile = std::pair<std::string, std::filesystem::path>;

struct Source {
    std::string slug, name;
    db::Tenant place;
    std::string owner_dsn;         ///< of the database where it is
    std::vector<NamedFile> files;  ///< its configuration, names below "config/"
};

struct Plan {
    std::string version;                  ///< of the program
    bool whole = false;                   ///< the installation's own rows and files too
    std::vector<std::string> owner_dsns;  ///< of every database, for the installation's own rows
    std::vector<NamedFile> files;         ///< of the installation, names below "config/"
    std::vector<Source> tenants;
    /// Second factors are sealed with it; in the copy they are in clear.
    const identity::Keys& keys;
    const blobs::Store& blobs;
    std::function<void(std::uint64_t done, std::uint64_t total, const std::string& what)> progress;
};

struct Copied {
    std::string slug;
    std::uint64_t rows = 0;    ///< of the kernel's tables
    std::uint64_t tables = 0;  ///< of the plugins
    std::uint64_t files = 0;
    std::vector<std::string> damaged;  ///< stored files that are not what their name says, or are gone
};

/// Throws Error saying what could not be read or written; then there is no file.
std::vector<Copied> make(const Plan& plan, const std::filesystem::path& to);

}  // namespace kernel::backup
