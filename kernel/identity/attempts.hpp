// Failed logins, counted in the database: after some the next one must wait, longer each time. Counted by
// login, whether there is such an account or not, and by address prefix.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/db/transaction.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::identity {

struct LockRule {
    int failures = 5;                                      ///< as many bring the first lock
    std::chrono::seconds first = std::chrono::minutes(1);  ///< doubled with each further failure
    std::chrono::seconds longest = std::chrono::hours(1);
    bool gradual = true;  ///< before the lock, from the third failure on: 1, 2, 4 … s

    /// How long after the last of `count` failures the next attempt is heard.
    std::chrono::seconds wait_after(int count) const;
};

struct AttemptRules {
    LockRule account;
    LockRule address{20, std::chrono::minutes(1), std::chrono::hours(1),
                     false};                               ///< a town hall may share a prefix
    std::chrono::seconds memory = std::chrono::hours(24);  ///< failures of an account, since its last success
    std::chrono::seconds address_memory =
        std::chrono::hours(1);  ///< of an address: a success does not reset them
};

struct Attempt {
    std::int64_t id = 0;                    ///< the row; 0 where the attempt is not heard
    std::optional<base::TimePoint> locked;  ///< until when
    int failures = 0;                       ///< of the account, this one counted
};

/// An attempt is counted as failed before the password is looked at, and set right afterwards: a hundred
/// guesses at the same moment are a hundred, and a process that dies forgets none.
class Attempts {
public:
    explicit Attempts(AttemptRules rules = {}) : rules_(rules) {}

    /// In a kernel transaction of the tenant; waits for others of the same login or prefix until they commit.
    Attempt begin(db::Transaction& tx, std::string_view login, std::string_view ip_prefix,
                  base::TimePoint now) const;
    void succeeded(db::Transaction& tx, const Attempt& attempt) const;
    /// The password was right, but the second factor is still to come: neither a failure nor a success.
    void withdrawn(db::Transaction& tx, const Attempt& attempt) const;
    /// When the account may try again after this failed attempt.
    std::chrono::seconds wait_after(const Attempt& attempt) const {
        return rules_.account.wait_after(attempt.failures);
    }
    bool locks(const Attempt& attempt) const { return attempt.failures >= rules_.account.failures; }

private:
    AttemptRules rules_;
};

}  // namespace kernel::identity
