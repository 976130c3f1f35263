// What a plugin's migrations create must be called after the plugin: all plugins share a municipality's
// schema.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kernel::authoring {

struct NameFinding {
    bool forbidden = true;  ///< false: it may stay, and there is something better
    std::string text;
};

/// Names that tables, indexes, types, views, sequences and functions get, change or lose in this text, and
/// statements that have no place in a migration. `id`: of the plugin.
std::vector<NameFinding> check_migration(std::string_view sql, std::string_view id);

}  // namespace kernel::authoring
