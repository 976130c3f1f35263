// The signal that drops a municipality's cached pages, in every worker on every node.
#pragma once

#include "kernel/db/transaction.hpp"

namespace kernel::plugins {

inline constexpr const char* pages_channel = "concejo_pages";

/// Heard when `tx` commits.
inline void pages_changed(db::Transaction& tx, const std::string& tenant_id) {
    tx.notify(pages_channel, tenant_id);
}

}  // namespace kernel::plugins
