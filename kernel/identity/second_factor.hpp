// The second factor of an account: its secret (sealed in the database) and whether a code is good.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/identity/keys.hpp"
#include "kernel/identity/origin.hpp"

#include <string>
#include <string_view>

namespace kernel::identity {

struct TotpOffer {
    std::string secret;  ///< base32, to be typed where there is no camera
    std::string uri;     ///< otpauth://…, for the QR code
};

/// The purpose under which a user's secret is sealed.
std::string totp_purpose(std::string_view tenant, std::string_view user);

/// Thread-safe. Unknown user ids: Error{not_found}.
class SecondFactor {
public:
    SecondFactor(db::Pool& pool, const Keys& keys, const base::Clock& clock)
        : pool_(pool), keys_(keys), clock_(clock) {}

    /// A new secret, not asked for at logins until confirmed. Throws Error{conflict} where there is a
    /// confirmed one.
    TotpOffer offer(std::string_view tenant, std::string_view user, std::string_view issuer);
    /// With a code of the offered secret. From then on every login asks for one.
    bool confirm(std::string_view tenant, std::string_view user, std::string_view code, const Origin& by);
    /// Sets a confirmed secret (20 bytes) at once: for the command line and the demonstration.
    void set(std::string_view tenant, std::string_view user, std::string_view secret, const Origin& by);
    void remove(std::string_view tenant, std::string_view user, const Origin& by);

    /// In the caller's transaction: whether the code is good, and if so no later one of the same step is.
    bool use(db::Transaction& tx, std::string_view user, std::string_view code) const;

private:
    db::Pool& pool_;
    const Keys& keys_;
    const base::Clock& clock_;
};

}  // namespace kernel::identity
