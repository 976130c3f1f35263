// Identity for each database: sessions, tokens, logins of the municipalities that are placed on it.
#pragma once

#include "kernel/config/platform_config.hpp"
#include "kernel/identity/idempotency.hpp"
#include "kernel/identity/permissions.hpp"
#include "kernel/identity/sign_in.hpp"
#include "kernel/identity/tokens.hpp"
#include "kernel/identity/users.hpp"
#include "kernel/plugins/services.hpp"
#include "kernel/web/cookies.hpp"
#include "kernel/web/visit.hpp"

#include <map>
#include <memory>

namespace kernel::web {

struct Accounts {
    Accounts(db::Pool& pool, const identity::Passwords& passwords, const identity::Keys& keys,
             const base::Clock& clock, const config::AccessConfig& access);

    db::Pool& pool;
    const identity::AttemptRules rules;
    identity::Sessions sessions;
    identity::Tokens tokens;
    identity::SecondFactor second_factor;
    identity::Users users;
    identity::SignIn sign_in;
};

/// Thread-safe.
class AccountBook {
public:
    AccountBook(plugins::Services& services, const identity::Keys& keys, const base::Clock& clock);

    Accounts& of(const tenancy::Tenant&);

    /// Finds out who asks: the session cookie for pages, the token for APIs, either for bare addresses. False
    /// for a token that is no good.
    bool recognise(Visit&, const Cookies&);

    const identity::Permissions& permissions() const { return permissions_; }
    const identity::Idempotency& idempotency() const { return idempotency_; }

private:
    void by_session(Visit&, const Cookies&);
    void by_token(Visit&, std::string_view secret);

    plugins::Services& services_;
    identity::Passwords passwords_;
    identity::Permissions permissions_;
    identity::Idempotency idempotency_;
    std::map<db::Pool*, std::unique_ptr<Accounts>> by_pool_;  ///< filled by the constructor, then read only
};

/// "user:<uuid>" and the like, with where from.
identity::Origin origin_of(const Visit&);

}  // namespace kernel::web
