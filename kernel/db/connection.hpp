// One session with the server. Internal to kernel/db: libpqxx for statements and their errors, libpq beneath
// it for what libpqxx 6.4 does not give (scripts in one trip, COPY in any format, command tags,
// notifications, values without a copy of their owner).
#pragma once

#include "kernel/db/error.hpp"
#include "kernel/db/params.hpp"
#include "kernel/db/prepared.hpp"
#include "kernel/db/rows.hpp"

#include <chrono>
#include <memory>
#include <set>
#include <string>

struct pg_conn;

namespace kernel::db {

/// One thread at a time. Never reconnects by itself: session state would be lost without a word.
class Connection {
public:
    /// Throws DbError{unavailable}, transient.
    explicit Connection(const std::string& dsn);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// One statement through the extended protocol, prepared where it has been here before. Throws
    /// Error{invalid} for a text with a zero byte.
    Rows exec(std::string_view sql, const Params& params = {});
    /// Several statements in one trip, without parameters: only texts of the kernel's and migrations. Answers
    /// the last one's command tag ("COMMIT", "ROLLBACK" …).
    std::string script(const std::string& sql);
    std::string quote(std::string_view literal) const;
    std::string quote_name(std::string_view identifier) const;

    pg_conn* raw() const noexcept;
    bool broken() const noexcept;
    /// Asks the socket, not the server: false where the server hung up or said something meanwhile.
    bool still_there() const noexcept;
    bool in_transaction() const noexcept;
    /// The error of the last libpq call.
    DbError error() const;

    const std::chrono::steady_clock::time_point opened = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point used = opened;  ///< for the pool
    std::string tenant;                                   ///< whose caches are warm
    std::set<std::string> tenants;

private:
    Rows exec_prepared(const PreparedStatements::Use&, std::string_view sql, const Params&);

    struct Session;
    std::unique_ptr<Session> session_;
    PreparedStatements statements_;
};

}  // namespace kernel::db
