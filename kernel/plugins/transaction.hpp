// A plugin's transaction: its own, or a part of the one that its call was made in.
#pragma once

#include "kernel/db/transaction.hpp"
#include "kernel/plugins/call.hpp"

#include <optional>

struct concejo_tx {
    concejo_call* call = nullptr;
    std::optional<kernel::db::Transaction> own;  ///< empty: joined
    kernel::db::Transaction* outer = nullptr;    ///< the transaction that this one is a part of
    std::optional<kernel::db::Transaction::Savepoint> part;

    kernel::db::Transaction& get() { return own ? *own : *outer; }
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
};

}  // namespace kernel::plugins
