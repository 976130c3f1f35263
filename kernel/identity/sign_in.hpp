// Login of staff: the one way to a session.
#pragma once

#include "kernel/identity/attempts.hpp"
#include "kernel/identity/keys.hpp"
#include "kernel/identity/passwords.hpp"
#include "kernel/identity/second_factor.hpp"
#include "kernel/identity/sessions.hpp"

#include <optional>
#include <string>

namespace kernel::identity {

/// Either login and password (with the code, if it is already known), or the ticket of a first step and the
/// code.
struct Credentials {
    std::string tenant, login, password;
    std::string code;      ///< of the second factor; empty: not given
    std::string ticket;    ///< from SignInOutcome; then login and password are not looked at
    std::string previous;  ///< the browser's present session token, which this login ends
    std::string peer, agent, request_id;
};

enum class SignInStatus {
    ok,
    needs_totp,  ///< password right: ask for the code and come back with `ticket`
    wrong,       ///< login, password or code: which, is not said
    locked,      ///< not looked at: too many failures, `until`
    expired,     ///< the ticket is no longer good: start again
    disabled     ///< everything right, but the account is switched off
};

struct SignInOutcome {
    SignInStatus status = SignInStatus::wrong;
    std::optional<NewSession> session;       ///< ok
    std::string ticket;                      ///< needs_totp, and wrong after a ticket; good for 5 minutes
    std::optional<base::TimePoint> until{};  ///< locked; also wrong, when the next attempt must wait
};

/// Thread-safe. Every outcome but `locked` and `expired` is audited, and the failure that begins a lock too.
/// The database's errors go through: Error{unavailable}.
class SignIn {
public:
    SignIn(db::Pool& pool, const Passwords& passwords, const SecondFactor& second_factor,
           const Sessions& sessions, const Keys& keys, const base::Clock& clock, AttemptRules rules = {})
        : pool_(pool),
          passwords_(passwords),
          second_factor_(second_factor),
          sessions_(sessions),
          keys_(keys),
          clock_(clock),
          attempts_(rules) {}

    SignInOutcome operator()(const Credentials& given) const;

private:
    struct Account;
    struct Try;

    std::optional<Account> account_by_login(std::string_view tenant, std::string_view login) const;
    std::optional<Account> account_by_ticket(const Credentials& given) const;
    std::string ticket_for(const Credentials& given, const Account& account) const;
    std::string signature(std::string_view tenant, std::string_view content, const Account& account) const;
    std::optional<base::TimePoint> not_heard(Try& one) const;
    SignInOutcome first_step(Try& one) const;
    SignInOutcome second_step(Try& one) const;
    SignInOutcome enter(Try& one) const;
    SignInOutcome failed(Try& one, const char* what) const;
    SignInOutcome refused(Try& one) const;

    db::Pool& pool_;
    const Passwords& passwords_;
    const SecondFactor& second_factor_;
    const Sessions& sessions_;
    const Keys& keys_;
    const base::Clock& clock_;
    Attempts attempts_;
};

}  // namespace kernel::identity
