// Internal to kernel/db.
#pragma once

#include "kernel/db/rows.hpp"

#include <pqxx/result>

namespace kernel::db {

struct Rows::Impl {
    pqxx::result result;
};

}  // namespace kernel::db
