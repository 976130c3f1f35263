// API tokens: programs' way in. Shown once; the database holds only their SHA-256.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/identity/origin.hpp"
#include "kernel/identity/principal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::identity {

struct Token {
    std::string id;  ///< uuid
    std::string tenant, name, created_by;
    std::vector<std::string> scopes;  ///< permissions
    base::TimePoint created_at{};
    std::optional<base::TimePoint> expires_at, last_used_at, revoked_at;
};

struct NewToken {
    std::string secret;  ///< "cj_…": 52 characters, to be handed over now or never
    Token token;
};

/// Thread-safe.
class Tokens {
public:
    Tokens(db::Pool& pool, const base::Clock& clock) : pool_(pool), clock_(clock) {}

    /// Throws Error{invalid} for an empty name, no scopes, or an end in the past.
    NewToken create(std::string_view tenant, std::string_view name, const std::vector<std::string>& scopes,
                    std::optional<base::TimePoint> expires, const Origin& by) const;
    /// Kind token, permissions = scopes. Nothing where it is unknown here, expired or revoked.
    std::optional<Principal> verify(std::string_view tenant, std::string_view secret) const;
    /// Newest first, revoked and expired ones too.
    std::vector<Token> list(std::string_view tenant) const;
    /// With those that it made. False where there is no live one of that id.
    bool revoke(std::string_view tenant, std::string_view id, const Origin& by) const;

    /// A token of a token's making, in the caller's transaction: scopes among the maker's, no longer life, revoked with
    /// it; it makes none itself. Throws Error{forbidden, conflict} beside what create() throws.
    NewToken make(db::Transaction&, const Principal& maker, std::string_view name,
                  const std::vector<std::string>& scopes, std::optional<base::TimePoint> expires,
                  const Origin& by) const;
    /// Itself first, then the live ones that it made, newest first.
    std::vector<Token> made_by(db::Transaction&, const Principal& maker) const;
    /// What those are called that have the scope, live, and were made by no other token: each name once, in order.
    std::vector<std::string> names_with(db::Transaction&, std::string_view scope) const;
    /// Itself or one that it made. False for any other.
    bool revoke_made(db::Transaction&, const Principal& maker, std::string_view id, const Origin& by) const;
    /// The id of the live token that has this secret, made by it or itself; empty for any other.
    std::string id_of(db::Transaction&, const Principal& maker, std::string_view secret) const;

    /// Prefix, length and checksum: whether it can be one of ours at all, without asking the database.
    static bool well_formed(std::string_view secret);

private:
    NewToken insert(db::Transaction&, std::string_view tenant, std::string_view name,
                    const std::vector<std::string>& scopes, std::optional<base::TimePoint> expires,
                    const Origin& by) const;
    bool revoke_in(db::Transaction&, std::string_view tenant, std::string_view id, const Origin& by) const;

    db::Pool& pool_;
    const base::Clock& clock_;
};

}  // namespace kernel::identity
