// Internal to kernel/db.
#pragma once

#include "kernel/db/rows.hpp"

#include <libpq-fe.h>
#include <pqxx/result>

#include <memory>
#include <variant>
#include <vector>

namespace kernel::db {

using RawResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

struct Rows::Impl {
    explicit Impl(pqxx::result given)
        : rows(static_cast<std::size_t>(given.size())),
          affected(static_cast<std::uint64_t>(given.affected_rows())) {
        for (pqxx::row_size_type i = 0; i < given.columns(); ++i)
            columns.push_back({given.column_name(i), given.column_type(i)});
        cells.reserve(rows * columns.size());
        for (const auto& row : given)
            for (const auto& field : row)
                cells.push_back(field.is_null() ? std::string_view()
                                                : std::string_view(field.c_str(), field.size()));
        owner = std::move(given);
    }
    explicit Impl(RawResult given, std::uint64_t affected_rows)
        : rows(static_cast<std::size_t>(PQntuples(given.get()))), affected(affected_rows) {
        const auto* raw = given.get();
        const int width = PQnfields(raw);
        for (int i = 0; i < width; ++i) columns.push_back({PQfname(raw, i), PQftype(raw, i)});
        cells.reserve(rows * columns.size());
        for (int row = 0; row < static_cast<int>(rows); ++row)
            for (int i = 0; i < width; ++i)
                cells.push_back(PQgetisnull(raw, row, i)
                                    ? std::string_view()
                                    : std::string_view(PQgetvalue(raw, row, i),
                                                       static_cast<std::size_t>(PQgetlength(raw, row, i))));
        owner = std::move(given);
    }

    struct Column {
        std::string_view name;
        unsigned type;
    };
    std::variant<std::monostate, pqxx::result, RawResult> owner;
    std::size_t rows;
    std::uint64_t affected;
    std::vector<Column> columns;
    /// Row by row, pointing into the result, as the names do; no data where NULL. Asking libpqxx for one
    /// value copies the result's owner twice.
    std::vector<std::string_view> cells;
};

}  // namespace kernel::db
