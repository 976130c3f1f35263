// The answer of one statement. A cheap copy; views stay valid while any copy lives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::db {

class Rows {
public:
    struct Impl;
    Rows() = default;  ///< no rows, no columns
    explicit Rows(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

    std::size_t rows() const noexcept;
    std::size_t size() const noexcept { return rows(); }
    bool empty() const noexcept { return rows() == 0; }
    std::size_t columns() const noexcept;
    /// Rows that INSERT, UPDATE, DELETE or SELECT touched.
    std::uint64_t affected() const noexcept;
    std::string_view name(std::size_t column) const;
    /// The number that the server has its type by (pg_type.oid).
    unsigned type(std::size_t column) const;
    /// Throws Error{internal} where there is no such column.
    std::size_t column(std::string_view name) const;

    /// As PostgreSQL writes it; nothing for NULL.
    std::optional<std::string_view> view(std::size_t row, std::size_t column) const;
    bool is_null(std::size_t row, std::size_t column) const { return !view(row, column); }
    /// The same, empty for NULL.
    std::string_view value(std::size_t row, std::size_t column) const {
        return view(row, column).value_or(std::string_view());
    }
    std::string text(std::size_t row, std::size_t column) const { return std::string(value(row, column)); }
    std::optional<std::string> optional(std::size_t row, std::size_t column) const;
    /// Throw Error{internal} where the value is of another kind (NULL too).
    std::int64_t integer(std::size_t row, std::size_t column) const;
    bool boolean(std::size_t row, std::size_t column) const;
    /// A bytea column, decoded.
    std::string bytes(std::size_t row, std::size_t column) const;

private:
    std::shared_ptr<const Impl> impl_;
};

}  // namespace kernel::db
