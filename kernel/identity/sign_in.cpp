#include "kernel/identity/sign_in.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/text.hpp"
#include "kernel/identity/row_values.hpp"

#include <fmt/format.h>

#include <charconv>

namespace kernel::identity {
namespace {

using db::Params;

constexpr std::chrono::minutes ticket_life{5};

/// What can be no login is counted all the same, as one.
std::string_view counted(std::string_view login) {
    const bool fits =
        login.size() <= 200 && base::utf8_valid(login) && login.find('\0') == std::string_view::npos;
    return fits ? base::trim(login) : std::string_view();
}

}  // namespace

struct SignIn::Account {
    std::string id, login, password_hash;
    bool totp = false, disabled = false;

    static std::optional<Account> at(const db::Rows& rows) {
        if (rows.empty()) return std::nullopt;
        return Account{rows.text(0, 0), rows.text(0, 1), rows.text(0, 2), rows.boolean(0, 3),
                       rows.boolean(0, 4)};
    }
    static constexpr const char* select =
        "select id, login, password_hash, totp_confirmed_at is not null, disabled_at is not null "
        "from users where tenant = $1 and ";
};

/// One call, from beginning to end.
struct SignIn::Try {
    const Credentials& given;
    base::TimePoint now;
    std::optional<Account> account{};
    Attempt attempt{};

    audit::Event event(std::string action, std::string result) const {
        // The login as typed stays out: people type passwords there. The account's id says enough.
        const Origin by{account && result == "ok" ? "user:" + account->id : "anonymous", given.peer,
                        given.request_id};
        return event_of(by, given.tenant, std::move(action), account ? "user:" + account->id : "",
                        std::move(result));
    }
};

SignInOutcome SignIn::operator()(const Credentials& given) const {
    Try one{given, clock_.now()};
    const bool second = !given.ticket.empty();
    one.account = second ? account_by_ticket(given) : account_by_login(given.tenant, counted(given.login));
    if (second && !one.account) return {SignInStatus::expired, {}, {}, {}};
    if (const auto until = not_heard(one)) return {SignInStatus::locked, {}, given.ticket, until};
    return second ? second_step(one) : first_step(one);
}

std::optional<SignIn::Account> SignIn::account_by_login(std::string_view tenant,
                                                        std::string_view login) const {
    auto tx = pool_.begin_kernel(tenant);
    return Account::at(
        tx.exec_kernel(std::string(Account::select) + "lower(login) = lower($2)", Params(tenant, login)));
}

// "<user>.<end, seconds>.<signature>": the signature covers the password's hash, so that a new password ends
// the ticket.
std::string SignIn::ticket_for(const Credentials& given, const Account& account) const {
    const auto content = fmt::format("{}.{}", account.id, base::unix_seconds(clock_.now() + ticket_life));
    return content + "." + base::base64url(signature(given.tenant, content, account));
}

std::string SignIn::signature(std::string_view tenant, std::string_view content,
                              const Account& account) const {
    return keys_.sign(fmt::format("{}\n{}\n{}", tenant, content, account.password_hash), "login ticket");
}

std::optional<SignIn::Account> SignIn::account_by_ticket(const Credentials& given) const {
    const auto parts = base::split(given.ticket, '.');
    if (given.ticket.size() > 200 || parts.size() != 3 || !is_uuid(parts[0])) return std::nullopt;
    std::int64_t end = 0;
    const auto [stop, error] = std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), end);
    if (error != std::errc{} || stop != parts[1].data() + parts[1].size() ||
        end <= base::unix_seconds(clock_.now()))
        return std::nullopt;
    auto tx = pool_.begin_kernel(given.tenant);
    auto account =
        Account::at(tx.exec_kernel(std::string(Account::select) + "id = $2", Params(given.tenant, parts[0])));
    const auto shown = base::unbase64url(parts[2]);
    const auto content = std::string_view(given.ticket).substr(0, given.ticket.rfind('.'));
    if (!account || !shown || !base::equals_constant_time(*shown, signature(given.tenant, content, *account)))
        return std::nullopt;
    return account;
}

std::optional<base::TimePoint> SignIn::not_heard(Try& one) const {
    const std::string login(one.account ? one.account->login : std::string(counted(one.given.login)));
    one.attempt = pool_.with_retry([&](db::Pool& pool) {
        auto tx = pool.begin_kernel(one.given.tenant);
        auto attempt = attempts_.begin(tx, login, address_prefix(one.given.peer), one.now);
        tx.commit();
        return attempt;
    });
    return one.attempt.locked;
}

SignInOutcome SignIn::first_step(Try& one) const {
    // No connection is held while hashing.
    if (!passwords_.verify(one.account ? one.account->password_hash : "", one.given.password))
        return failed(one, "password");
    if (one.account->disabled) return refused(one);
    if (one.account->totp && one.given.code.empty()) {
        auto tx = pool_.begin_kernel(one.given.tenant);
        attempts_.withdrawn(tx, one.attempt);
        audit::record(tx, one.event("session.password", "ok"));
        tx.commit();
        return {SignInStatus::needs_totp, {}, ticket_for(one.given, *one.account), {}};
    }
    return enter(one);
}

SignInOutcome SignIn::second_step(Try& one) const {
    if (one.account->disabled) return refused(one);
    return enter(one);
}

SignInOutcome SignIn::failed(Try& one, const char* what) const {
    auto event = one.event("session.login", "failed");
    event.details["what"] = what;
    auto tx = pool_.begin_kernel(one.given.tenant);
    audit::record(tx, event);
    SignInOutcome outcome{SignInStatus::wrong, {}, one.given.ticket, {}};
    if (const auto wait = attempts_.wait_after(one.attempt); wait.count() > 0) outcome.until = one.now + wait;
    if (attempts_.locks(one.attempt)) {
        auto lock = one.event("session.lock", "denied");
        lock.details["until"] = base::format_utc(*outcome.until);
        lock.details["failures"] = one.attempt.failures;
        audit::record(tx, lock);
    }
    tx.commit();
    return outcome;
}

SignInOutcome SignIn::refused(Try& one) const {
    auto event = one.event("session.login", "denied");
    event.details["what"] = "disabled";
    auto tx = pool_.begin_kernel(one.given.tenant);
    attempts_.withdrawn(tx, one.attempt);
    audit::record(tx, event);
    tx.commit();
    return {SignInStatus::disabled, {}, {}, {}};
}

SignInOutcome SignIn::enter(Try& one) const {
    const auto& [given, now, account, attempt] = one;
    std::optional<std::string> rehashed;
    if (given.ticket.empty() && passwords_.needs_rehash(account->password_hash))
        rehashed = passwords_.hash(given.password);
    auto tx = pool_.begin_kernel(given.tenant);
    if (account->totp && !second_factor_.use(tx, account->id, given.code)) {
        tx.rollback();
        return failed(one, "code");
    }
    attempts_.succeeded(tx, attempt);
    if (rehashed)
        tx.exec_kernel(
            "update users set password_hash = $1 where id = $2 and tenant = $3 and password_hash = $4",
            Params(*rehashed, account->id, given.tenant, account->password_hash));
    if (!given.previous.empty())
        tx.exec_kernel(
            "update sessions set revoked_at = $1 where id_hash = $2 and tenant = $3 and revoked_at is null",
            Params(sql_time(now), db::Bytes{base::sha256(given.previous)}, given.tenant));
    auto session = sessions_.open(tx, account->id, given.peer, given.agent);
    auto event = one.event("session.login", "ok");
    event.details["second_factor"] = account->totp;
    audit::record(tx, event);
    tx.commit();
    return {SignInStatus::ok, std::move(session), {}, {}};
}

}  // namespace kernel::identity
