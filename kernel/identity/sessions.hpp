// Sessions of staff. The browser holds 256 random bits; the database only their SHA-256.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/identity/origin.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::identity {

struct SessionLimits {
    std::chrono::seconds idle = std::chrono::minutes(30);
    std::chrono::seconds absolute = std::chrono::hours(12);
    std::chrono::seconds touch = std::chrono::minutes(1);  ///< last_seen is written at most this often
};

struct Session {
    std::string id;  ///< SHA-256 of the token in hexadecimal: names it without opening it
    std::string tenant, user_id, login, name;
    std::vector<std::string> roles;
    std::string csrf_secret;  ///< 32 bytes, see csrf.hpp
    std::string ip_prefix, agent;
    bool must_change = false;  ///< let the person do nothing but choose a password
    base::TimePoint created_at{}, last_seen_at{}, expires_at{};
};

struct NewSession {
    std::string token;  ///< for the cookie: 43 characters; nowhere else, not even in a log
    Session session;
};

/// Thread-safe.
class Sessions {
public:
    Sessions(db::Pool& pool, const base::Clock& clock, SessionLimits limits = {})
        : pool_(pool), clock_(clock), limits_(limits) {}

    /// In the caller's transaction (of that tenant).
    NewSession open(db::Transaction& tx, std::string_view user, std::string_view peer,
                    std::string_view agent) const;
    /// Whose token this is; nothing for one that is unknown here, idle too long, too old, revoked, or of a
    /// disabled account.
    std::optional<Session> find(std::string_view tenant, std::string_view token) const;
    /// The same session under a new token, the old one dead: whenever its rights change. Its absolute end
    /// stays.
    std::optional<NewSession> rotate(std::string_view tenant, std::string_view token) const;
    /// Log-out, audited. False where there was none.
    bool close(std::string_view tenant, std::string_view token, const Origin& by) const;

    /// Live ones, the last used first.
    std::vector<Session> list(std::string_view tenant, std::string_view user) const;
    /// One of that user's own (another's: false), audited.
    bool revoke(std::string_view tenant, std::string_view user, std::string_view id, const Origin& by) const;
    /// "Log out everywhere", audited; `keep` (an id) goes on. Answers how many ended.
    std::size_t revoke_all(std::string_view tenant, std::string_view user, const Origin& by,
                           std::string_view keep = {}) const;

private:
    db::Pool& pool_;
    const base::Clock& clock_;
    SessionLimits limits_;
};

}  // namespace kernel::identity
