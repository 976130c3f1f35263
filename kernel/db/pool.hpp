// Connections to one cluster, each with one transaction at a time. Thread-safe.
#pragma once

#include "kernel/db/transaction.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace kernel::db {

struct PoolOptions {
    std::string dsn;        ///< libpq connection string of the application login, several hosts allowed
    std::size_t size = 16;  ///< connections at most; opened when first needed
    std::chrono::milliseconds wait{5'000};  ///< for a free connection; then Error{unavailable}
    unsigned tenants_per_connection = 50;   ///< bounds the memory that a server process gathers
    std::chrono::seconds age{std::chrono::minutes(30)};
    std::chrono::seconds connect_timeout{5};
    std::string name{};                   ///< of the database in platform.yaml, for what is measured
    std::string application = "concejo";  ///< as pg_stat_activity shows it
};

struct PoolStats {
    std::size_t open = 0, busy = 0;
    std::uint64_t opened = 0;    ///< connections since the start
    std::uint64_t replaced = 0;  ///< found broken
    std::uint64_t recycled = 0;  ///< too old or too many tenants
    std::uint64_t affine = 0;    ///< transactions that found a connection warm for their tenant
};

/// Whether this error of a transaction allows the whole transaction to be tried again.
bool is_transient(const concejo::Error&) noexcept;
/// 25 ms, 50 ms, 100 ms … at most 1 s, with some chance in it.
std::chrono::milliseconds retry_pause(int attempt);

class Pool {
public:
    explicit Pool(PoolOptions options);  ///< connects to nothing yet
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// In the municipality's schema, with its role.
    Transaction begin(const Tenant& tenant, const Timeouts& timeouts = {});
    /// On the kernel's tables only. With a tenant's id row level security hides every other tenant's rows.
    Transaction begin_kernel(std::string_view tenant_id = {}, const Timeouts& timeouts = {});

    /// Runs `work`, again while it fails with a transient error and `limit` has not passed. `work` begins and
    /// commits its own transaction and must be safe to repeat. A COMMIT without an answer is repeated only
    /// where `idempotent` is set.
    template <class F>
    auto with_retry(F&& work, std::chrono::milliseconds limit = std::chrono::seconds(10),
                    bool idempotent = false) -> decltype(work(*this)) {
        const auto until = std::chrono::steady_clock::now() + limit;
        for (int attempt = 0;; ++attempt) {
            try {
                return work(*this);
            } catch (const concejo::Error& error) {
                const bool again =
                    is_transient(error) || (idempotent && error.kind() == concejo::ErrorKind::unavailable);
                const auto pause = retry_pause(attempt);
                if (!again || std::chrono::steady_clock::now() + pause > until) throw;
                std::this_thread::sleep_for(pause);
            }
        }
    }

    PoolStats stats() const;
    const PoolOptions& options() const noexcept;

    struct State;

private:
    std::shared_ptr<State> state_;  // shared with leases, which may outlive the pool
};

}  // namespace kernel::db
