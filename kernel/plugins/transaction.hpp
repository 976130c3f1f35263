// A plugin's transaction: its own, or a part of the one that its call was made in.
#pragma once

#include "kernel/db/transaction.hpp"
#include "kernel/plugins/call.hpp"

#include <functional>
#include <optional>
#include <utility>

struct concejo_tx {
    concejo_call* call = nullptr;
    std::optional<kernel::db::Transaction> own;  ///< empty: joined
    kernel::db::Transaction* outer = nullptr;    ///< the transaction that this one is a part of
    std::optional<kernel::db::Transaction::Savepoint> part;
    std::function<kernel::db::Transaction&()> later{};  ///< gives `outer` when it is first wanted

    concejo_tx() = default;
    concejo_tx(const concejo_tx&) = delete;
    concejo_tx& operator=(const concejo_tx&) = delete;

    kernel::db::Transaction& get() {
        if (own) return *own;
        if (!outer) outer = &later();
        return *outer;
    }
    bool begun() const { return own || outer; }
};

struct concejo_rows {
    kernel::db::Rows rows;
};

namespace kernel::plugins {

inline db::Transaction& transaction_of(concejo_tx* tx) {
    if (!tx) throw concejo::Error(concejo::ErrorKind::internal, "falta la transacción");
    return tx->get();
}

/// Makes a transaction of the kernel's (a job's, a command's) joinable by the plugin's begin().
struct JoinedTransaction {
    concejo_tx tx;
    explicit JoinedTransaction(db::Transaction& outer) { tx.outer = &outer; }
    /// Begun when a plugin first asks for it: until then it may use the network.
    explicit JoinedTransaction(std::function<db::Transaction&()> later) { tx.later = std::move(later); }
};

/// Transactions that plugins have open on this thread.
int& open_transactions();

/// Nothing that waits for the network runs inside a transaction: it would hold rows, and a connection of the
/// pool, for as long as a stranger's server likes. Throws Error{invalid}.
void refuse_inside_transaction(const concejo_call& call, const char* what);

}  // namespace kernel::plugins
