// Effects outside the database: written in the transaction that wants them, delivered afterwards at least
// once.
#pragma once

#include "kernel/audit/audit.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/outbox/rules.hpp"

#include <concejo/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kernel::outbox {

struct Effect {
    std::string plugin, kind;
    concejo::Json payload = concejo::Json::object();
    std::string
        key{};  ///< the other side deduplicates by it; of two with the same key one is kept. Empty: made here
    std::string
        order{};  ///< effects of the kind with the same one are delivered in the order of their commits
    std::int64_t at = 0;  ///< Unix seconds, not before; 0: at once
};

struct Placed {
    std::int64_t id = 0;
    std::string key;
    bool fresh = true;  ///< false: one with this key was there already
};

/// Part of `tx`: delivered only if that commits.
Placed put(db::Transaction& tx, const Effect& effect);

struct EffectInfo {
    std::int64_t id = 0;
    std::string tenant, plugin, kind, key, order;
    std::string state;  ///< waiting, sending, delivered, unknown, dead
    int attempts = 0;
    std::string created_at, next_at, sent_at, delivered_at;  ///< RFC 3339, or ""
    std::string last_error, note, settled_by;
    concejo::Json payload;
};

/// Newest first; empty state: those that need a person first, then the others.
std::vector<EffectInfo> list(db::Pool& pool, const std::string& tenant, const std::string& state,
                             std::size_t count = 100);
std::optional<EffectInfo> show(db::Pool& pool, const std::string& tenant, std::int64_t id);
std::optional<EffectInfo> find(db::Pool& pool, const std::string& tenant, const std::string& plugin,
                               const std::string& kind, const std::string& key);
struct Counts {
    std::int64_t waiting = 0, sending = 0, unknown = 0, dead = 0;
};
/// Empty tenant: all of the cluster. Empty plugin: all kinds.
Counts count(db::Pool& pool, const std::string& tenant, const std::string& plugin = {},
             const std::string& kind = {});

/// A person decides about one that is unknown, dead or waiting: it is sent (again) at once, with its attempts
/// counted anew; or it counts as delivered. False where it is in no such state. `who`: actor, address and
/// request for the audit, whose line stands in the same transaction.
enum class Decision { retry, settle };
bool decide(db::Pool& pool, const std::string& tenant, std::int64_t id, Decision decision, audit::Event who);

}  // namespace kernel::outbox
