// Putting a copy back.
#pragma once

#include "kernel/blobs/store.hpp"
#include "kernel/db/transaction.hpp"
#include "kernel/identity/keys.hpp"

#include <concejo/json.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace kernel::backup {

/// What the copy says of itself. Throws Error{invalid} for a file that is no copy, is damaged or cut, or was
/// made by a newer program. Reads it all: a damaged copy changes nothing.
concejo::Json check(const std::filesystem::path& file);

/// Writes the configuration that the copy has into `config`: of the installation where `whole`, else of these
/// municipalities. Files that are there already are left as they are. Answers the names of those written.
std::vector<std::string> write_configuration(const std::filesystem::path& file,
                                             const std::filesystem::path& config,
                                             const std::filesystem::path& key_file,
                                             const std::vector<std::string>& slugs, bool whole);

struct Target {
    std::string slug;
    db::Tenant place;
    std::string owner_dsn, app_dsn;
};

struct Restored {
    std::string slug;
    std::uint64_t files = 0;
    std::vector<std::string> damaged;  ///< files in the copy that are not what their name says: left out
};

/// Each municipality in one transaction: all of it, or it stays as it was. Without `replace` one that has
/// tables or rows is refused with Error{conflict}. `installation_dsn`: where the installation's own audit
/// record goes, if there is none yet; empty: nowhere.
std::vector<Restored> put_back(const std::filesystem::path& file, const std::vector<Target>& targets,
                               blobs::Store& blobs, const identity::Keys& keys, bool replace,
                               const std::string& installation_dsn,
                               const std::function<void(const std::string&)>& progress);

}  // namespace kernel::backup
