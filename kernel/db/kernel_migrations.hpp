// The files of kernel/db/migrations, compiled in: (name, content) in order of name.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kernel::db {

std::vector<std::pair<std::string, std::string>> kernel_migration_files();

}  // namespace kernel::db
