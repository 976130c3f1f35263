// Form tokens. A form is only taken from a browser that got it from us.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/identity/keys.hpp"

#include <string>
#include <string_view>

namespace kernel::identity {

/// For a session's pages: HMAC of its secret, masked anew each time, so that compression tells nothing of it
/// (BREACH).
std::string csrf_token(std::string_view session_secret);
/// Constant time.
bool csrf_ok(std::string_view session_secret, std::string_view submitted);

/// Visitors without a session (login page, complaints …): a signed cookie and a token in the form that
/// belongs to it. Nothing is stored. Good for one tenant and one day.
class VisitorCsrf {
public:
    VisitorCsrf(const Keys& keys, const base::Clock& clock) : keys_(keys), clock_(clock) {}

    /// A new cookie's value (HttpOnly, SameSite=Lax).
    std::string new_cookie(std::string_view tenant) const;
    /// Whether we made it, for this tenant, less than a day ago; otherwise give a new one.
    bool cookie_ok(std::string_view tenant, std::string_view cookie) const;
    /// For the form; `cookie` must be ok.
    std::string token(std::string_view tenant, std::string_view cookie) const;
    bool ok(std::string_view tenant, std::string_view cookie, std::string_view submitted) const;

private:
    std::string secret(std::string_view tenant, std::string_view cookie) const;

    const Keys& keys_;
    const base::Clock& clock_;
};

}  // namespace kernel::identity
