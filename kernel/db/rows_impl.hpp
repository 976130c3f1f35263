// Internal to kernel/db.
#pragma once

#include "kernel/db/rows.hpp"

#include <pqxx/result>

#include <vector>

namespace kernel::db {

struct Rows::Impl {
    explicit Impl(pqxx::result given) : result(std::move(given)) {
        cells.reserve(static_cast<std::size_t>(result.size()) * static_cast<std::size_t>(result.columns()));
        for (const auto& row : result)
            for (const auto& field : row)
                cells.push_back(field.is_null() ? std::string_view()
                                                : std::string_view(field.c_str(), field.size()));
    }
    pqxx::result result;
    /// Row by row, pointing into it; no data where NULL. Asking libpqxx for one value copies the result's
    /// owner twice.
    std::vector<std::string_view> cells;
};

}  // namespace kernel::db
