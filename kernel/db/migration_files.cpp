#include "kernel/db/migrator.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/files.hpp"
#include "kernel/db/migration_name.hpp"

#include <algorithm>
#include <map>

namespace kernel::db {

Migration parse_migration(const std::string& name, std::string sql, const std::string& shown) {
    const auto separator = name.find("__");
    const bool good =
        separator == 4 && name.size() > 10 && name.substr(name.size() - 4) == ".sql" &&
        name.find_first_not_of("0123456789") == 4 &&
        name.substr(6, name.size() - 10).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
            std::string::npos;
    if (!good)
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            shown + ": el nombre de una migración es NNNN__nombre.sql, como 0001__tablas.sql");
    Migration migration;
    migration.version = std::stoi(name.substr(0, 4));
    migration.slug = name.substr(6, name.size() - 10);
    migration.sha256 = base::sha256_hex(sql);
    migration.sql = std::move(sql);
    migration.file = shown;
    return migration;
}

void check_sequence(std::vector<Migration>& migrations) {
    std::sort(migrations.begin(), migrations.end(),
              [](const auto& a, const auto& b) { return a.version < b.version; });
    for (std::size_t i = 0; i < migrations.size(); ++i) {
        const int expected = static_cast<int>(i) + 1;
        if (migrations[i].version == expected) continue;
        if (i > 0 && migrations[i].version == migrations[i - 1].version)
            throw concejo::Error(
                concejo::ErrorKind::invalid,
                migrations[i].file + ": lleva el mismo número que " + migrations[i - 1].file);
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            migrations[i].file + ": falta antes la migración número " + std::to_string(expected));
    }
}

std::vector<Migration> read_migrations(const std::filesystem::path& folder) {
    std::vector<Migration> migrations;
    if (!std::filesystem::exists(folder)) return migrations;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto path = entry.path();
        if (path.filename().string().front() == '.') continue;
        migrations.push_back(
            parse_migration(path.filename().string(), base::read_file(path, 8u << 20), path.string()));
    }
    check_sequence(migrations);
    return migrations;
}

}  // namespace kernel::db
