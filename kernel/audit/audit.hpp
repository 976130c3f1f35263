// Who did what, to what, with which result (ENS op.exp.8). Nothing here can be changed or erased by the
// platform.
#pragma once

#include "kernel/db/pool.hpp"

#include <concejo/json.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kernel::audit {

struct Event {
    std::string tenant;     ///< id; empty: the installation itself
    std::string actor;      ///< "user:<uuid>", "token:<uuid>", "system:<name>", "anonymous"
    std::string action;     ///< "session.login", "sede.publish" …
    std::string object;     ///< what it was done to; may be empty
    std::string result;     ///< "ok", "denied", "failed"
    std::string ip_prefix;  ///< /24 or /48, never the whole address
    std::string request_id;
    concejo::Json details = concejo::Json::object();  ///< no secrets, no personal data beyond need
};

struct Entry : Event {
    std::int64_t id = 0;
    std::int64_t number = 0;  ///< 1, 2, 3 … within the tenant, without gaps
    std::string at;           ///< as PostgreSQL writes it, UTC
    std::string hash;         ///< sha-256 over the entry and the hash before it, hexadecimal
};

/// In the caller's transaction: stands only if that commits. The event's tenant is the transaction's where it
/// has one. Entries of one tenant form a chain, so writers of one tenant wait for each other until they
/// commit.
void record(db::Transaction& tx, const Event& event);
/// At once, in a transaction of its own: for what must be kept although the request fails.
void record(db::Pool& pool, const Event& event);

/// The last `count` entries of the tenant, newest first; `before` (an id) continues a list.
std::vector<Entry> last(db::Pool& pool, const std::string& tenant, std::size_t count,
                        std::int64_t before = 0);

/// What a page of the record is asked for; an empty text or nothing: any.
struct Filter {
    std::string actor, action, object, result;  ///< exactly
    std::string from, until;                    ///< days AAAA-MM-DD in `zone`, both inclusive
    std::string zone = "UTC";
};
/// At most `count` that fit, newest first; `after` (of the last one shown) continues. Throws Error{invalid} for
/// a day that is none.
struct Cursor {
    std::string at;  ///< as Entry::at; empty: from the newest
    std::int64_t id = 0;
};
std::vector<Entry> find(db::Pool& pool, const std::string& tenant, const Filter& filter, std::size_t count,
                        const Cursor& after = {});
/// Entry `number` of the tenant's chain.
std::optional<Entry> entry(db::Pool& pool, const std::string& tenant, std::int64_t number);
/// The actions that the tenant's record has, in order.
std::vector<std::string> actions(db::Pool& pool, const std::string& tenant);

struct Chain {
    std::int64_t checked = 0;  ///< entries whose hash was made anew
    std::int64_t broken = 0;   ///< number of the first that does not follow; 0: none
    bool whole = false;        ///< all of them were looked at
};
/// Goes on until `until`.
Chain check_chain(db::Pool& pool, const std::string& tenant, std::chrono::steady_clock::time_point until);

/// Number of the first entry whose hash does not follow from its content and the one before; 0 where all do.
std::int64_t verify_chain(db::Pool& pool, const std::string& tenant);

}  // namespace kernel::audit
