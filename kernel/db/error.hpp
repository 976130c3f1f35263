// What the database answers, as the platform's kinds of error.
#pragma once

#include <concejo/error.hpp>

#include <string>
#include <string_view>

namespace kernel::db {

/// Kinds: conflict for a broken unique, foreign or exclusion constraint; invalid for data the column refuses;
/// forbidden for missing rights; unavailable where trying again may help (see transient()); internal for a
/// statement that is wrong.
class DbError : public concejo::Error {
public:
    DbError(concejo::ErrorKind kind, const std::string& message, std::string sqlstate, bool transient)
        : Error(kind, message), sqlstate_(std::move(sqlstate)), transient_(transient) {}

    /// Five characters as in PostgreSQL's appendix A; empty where the connection broke.
    const std::string& sqlstate() const noexcept { return sqlstate_; }
    /// Nothing was committed and the same transaction may well succeed a moment later: serialization,
    /// deadlock, lock timeout, broken connection, server starting or stopping. False for a COMMIT without an
    /// answer.
    bool transient() const noexcept { return transient_; }

private:
    std::string sqlstate_;
    bool transient_;
};

/// How every text of the server begins: it is for the log and the operator, and names tables and statements.
inline constexpr std::string_view error_prefix = "base de datos: ";

/// The error of a statement from its SQLSTATE and the server's text.
DbError make_error(std::string_view sqlstate, std::string_view message);

}  // namespace kernel::db
