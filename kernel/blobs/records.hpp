// The rows of contents: what is registered, who uses it, how much a municipality has. Internal to
// kernel/blobs.
#pragma once

#include "kernel/blobs/store.hpp"

#include <optional>

namespace kernel::blobs::records {

/// Until the transaction ends, the collector takes nothing away that stands under the same two digits.
void hold_stripe(db::Transaction& tx, const Key& key);
/// The collector's side: false where somebody is putting something there just now.
bool try_own_stripe(db::Transaction& tx, const std::string& tenant, const std::string& stripe);

/// Registers it and counts one use (none where `plugin` is empty). A content that was thought damaged has
/// just been written anew.
void add(db::Transaction& tx, const Blob& blob, std::string_view plugin);
/// One more use of what is registered; false where it is not.
bool use(db::Transaction& tx, std::string_view id, std::string_view plugin);
/// One use less; false where there was none.
bool unuse(db::Transaction& tx, std::string_view id, std::string_view plugin);
std::optional<Blob> find(db::Transaction& tx, std::string_view id);

/// Contents, and what unfinished uploads have announced or brought.
std::uint64_t bytes_of(db::Transaction& tx, std::string_view except_upload);

}  // namespace kernel::blobs::records
