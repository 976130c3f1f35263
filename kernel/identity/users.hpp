// Accounts of staff. Each belongs to one tenant; a login is unique there whatever its case.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/identity/origin.hpp"
#include "kernel/identity/passwords.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::identity {

struct User {
    std::string id;  ///< uuid
    std::string tenant, login, name, email;
    std::vector<std::string> roles;
    bool has_password = false;
    bool has_totp = false;  ///< confirmed: asked for at every login
    bool disabled = false;
    bool must_change = false;  ///< the password was set by somebody else
    base::TimePoint created_at{};
};

struct NewUser {
    std::string tenant, login, name, email;
    std::vector<std::string> roles;
    std::string password;  ///< empty: cannot log in until passwd()
    bool must_change = false;
};

/// Thread-safe. Every change is audited in its own transaction. Changes that touch what a person may do end
/// their sessions: the next login brings a new one. Unknown ids: Error{not_found}. Who takes the last
/// administrator away gets Error{conflict}: somebody must be able to let the others in.
class Users {
public:
    Users(db::Pool& pool, const Passwords& passwords, const base::Clock& clock)
        : pool_(pool), passwords_(passwords), clock_(clock) {}

    /// Throws Error{invalid} (login or password refused, in Spanish) and Error{conflict} (login taken).
    User add(const NewUser& user, const Origin& by);
    /// `keep_session`: hash (hexadecimal) of the one session that goes on, the one that asks. Throws
    /// Error{invalid}.
    void passwd(std::string_view tenant, std::string_view id, std::string_view password, bool must_change,
                const Origin& by, std::string_view keep_session = {});
    void set_roles(std::string_view tenant, std::string_view id, const std::vector<std::string>& roles,
                   const Origin& by);
    void set_disabled(std::string_view tenant, std::string_view id, bool disabled, const Origin& by);
    /// With a password of the kernel's making, answered once and kept nowhere; its bearer must choose another.
    std::string reset_password(std::string_view tenant, std::string_view id, const Origin& by);
    /// Forgets the failures that keep the account locked.
    void unlock(std::string_view tenant, std::string_view id, const Origin& by);

    std::optional<User> find(std::string_view tenant, std::string_view login) const;
    std::optional<User> find_by_id(std::string_view tenant, std::string_view id) const;
    /// By login.
    std::vector<User> list(std::string_view tenant) const;
    /// At most `limit` by login, those behind the login `after`; with `words`, those that have them in login,
    /// name or e-mail.
    std::vector<User> page(std::string_view tenant, std::string_view words, std::string_view after,
                           std::size_t limit) const;
    /// Whether this is the person's present password, for changing it.
    bool knows_password(std::string_view tenant, std::string_view id, std::string_view password) const;

private:
    db::Pool& pool_;
    const Passwords& passwords_;
    const base::Clock& clock_;
};

}  // namespace kernel::identity
