// Which of the kernel's rows travel in a copy, and how they are put in again.
#pragma once

#include "kernel/db/transaction.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kernel::backup {

/// Everything but what lives for minutes or belongs to a browser: sessions, attempts, keys of forms, caches.
bool is_copied(std::string_view table);

/// A table's rows on disk. Throws Error{internal} where the disk is full.
class RowFile {
public:
    explicit RowFile(const std::filesystem::path& file);
    void write(std::string_view piece);
    void finish();

private:
    [[noreturn]] void fail() const;

    std::ofstream out_;
    std::string name_;
};

struct SavedTable {
    std::string name;
    std::filesystem::path file;  ///< COPY text with the columns' names as first line
};

/// The SQL that comes before a municipality's dump, and the one after it, both for run_scripts.
/// `sealed`: user -> second factor under this installation's key.
void write_prelude(const std::filesystem::path& script, const db::Tenant& tenant, bool replace);
void write_rows(const std::filesystem::path& script, const std::string& tenant,
                const std::vector<SavedTable>& tables,
                const std::vector<std::pair<std::string, std::string>>& sealed);

}  // namespace kernel::backup
