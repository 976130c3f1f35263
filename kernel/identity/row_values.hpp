// Times and ids between C++ and the database. Internal to kernel/identity.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/db/rows.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::identity {

/// For a timestamptz parameter.
inline std::string sql_time(base::TimePoint time) { return base::format_utc_ms(time); }
inline std::optional<std::string> sql_time(const std::optional<base::TimePoint>& time) {
    return time ? std::optional(sql_time(*time)) : std::nullopt;
}

/// Of a column selected as milliseconds: (extract(epoch from created_at) * 1000)::bigint.
inline base::TimePoint time_at(const db::Rows& rows, std::size_t row, std::size_t column) {
    return base::TimePoint(std::chrono::milliseconds(rows.integer(row, column)));
}
inline std::optional<base::TimePoint> optional_time_at(const db::Rows& rows, std::size_t row,
                                                       std::size_t column) {
    return rows.is_null(row, column) ? std::nullopt : std::optional(time_at(rows, row, column));
}

/// Lower or upper case, with its hyphens: what a uuid column takes without an error.
inline bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (hyphen ? c != '-' : !digit) return false;
    }
    return true;
}

}  // namespace kernel::identity
