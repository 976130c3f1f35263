// One transaction, confined to a municipality's schema and role, or to the kernel's own tables.
#pragma once

#include "kernel/db/error.hpp"
#include "kernel/db/params.hpp"
#include "kernel/db/rows.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace kernel::db {

/// A municipality's place in the database.
struct Tenant {
    std::string id;      ///< [a-z0-9_], at most 60 characters; never changes
    std::string schema;  ///< "m_<id>", name of the schema and of the role

    /// Throws Error{invalid} for an id that is no safe name.
    static Tenant of(std::string_view id);
};

struct Timeouts {
    std::chrono::milliseconds statement{10'000};  ///< 0: none
    std::chrono::milliseconds lock{2'000};
    std::chrono::milliseconds idle{30'000};  ///< between two statements; then the server ends the session
    bool durable = true;  ///< false: COMMIT does not wait for the disk, and a crash of the server may undo it
};

class Lease;  // a connection borrowed from the pool

/// Rolled back unless committed. Belongs to one thread at a time. Every function throws DbError.
class Transaction {
public:
    Transaction(std::unique_ptr<Lease> lease, Tenant tenant, bool kernel);
    ~Transaction();
    Transaction(Transaction&&) noexcept;
    Transaction& operator=(Transaction&&) noexcept;

    /// One statement with its parameters. Statements that would change who is asking (SET, RESET, set_config,
    /// BEGIN, COMMIT …) are refused with Error{invalid}.
    Rows exec(std::string_view sql, const Params& params = {});

    /// One statement on the kernel's own tables (schema concejo), in this same transaction, confined by row
    /// level security to this tenant. For kernel folders only: plugins have no right on those tables.
    Rows exec_kernel(std::string_view sql, const Params& params = {});

    /// COPY … FROM STDIN, text, csv or binary. `next` gives pieces; an empty one ends. An exception of `next`
    /// cancels the COPY and goes on to the caller. Answers the number of rows.
    std::uint64_t copy_in(std::string_view sql, const std::function<std::string_view()>& next);
    /// COPY … TO STDOUT. `take` gets a row at a time.
    std::uint64_t copy_out(std::string_view sql, const std::function<void(std::string_view)>& take);

    /// Reaches every Listener of the channel if and when this commits. At most 7,999 bytes of payload.
    void notify(std::string_view channel, std::string_view payload);

    /// From now on, each statement of this transaction.
    void set_statement_timeout(std::chrono::milliseconds);

    /// Throws DbError{unavailable}, not transient, where the connection broke before the answer to COMMIT
    /// came: the outcome is unknown, look before doing it again. Afterwards the transaction is over in every
    /// case.
    void commit();
    void rollback() noexcept;
    bool open() const noexcept;

    /// Undone alone unless released; an error inside leaves the transaction usable.
    class Savepoint {
    public:
        explicit Savepoint(Transaction& tx);
        ~Savepoint();
        Savepoint(const Savepoint&) = delete;
        Savepoint& operator=(const Savepoint&) = delete;
        void release();

    private:
        Transaction& tx_;
        std::string name_;
        bool open_ = true;
    };
    Savepoint sub() { return Savepoint(*this); }

    /// Empty id in a kernel transaction over all tenants.
    const Tenant& tenant() const noexcept { return tenant_; }

private:
    void require_open() const;
    void control(std::string_view sql);

    std::unique_ptr<Lease> lease_;
    Tenant tenant_;
    bool kernel_ = false;
    int savepoints_ = 0;
};

}  // namespace kernel::db
