// Passwords of staff: argon2id through libsodium, and what a new one must be like.
#pragma once

#include <concejo/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace kernel::identity {

struct HashCost {
    unsigned long long passes = 2;
    std::size_t memory = 19u << 20;  ///< bytes; measured 75 ms where 64 MiB take 1.2 s under load
};

/// Thread-safe. At most two hashes run at once in the whole process, whatever the number of objects: memory
/// is what an attacker of the login page would exhaust first.
class Passwords {
public:
    explicit Passwords(HashCost cost = {});

    /// "$argon2id$v=19$m=…". Throws Error{unavailable} after 10 s without a turn.
    std::string hash(std::string_view password) const;
    /// False for an empty or foreign `hash` too, after the same work: how long it takes does not tell whether
    /// there is such an account. Throws Error{unavailable} after 10 s without a turn.
    bool verify(std::string_view hash, std::string_view password) const;
    /// Made at another cost than today's: to be made anew when the password is at hand.
    bool needs_rehash(const std::string& hash) const;

private:
    HashCost cost_;
    std::string dummy_;  ///< of nobody's password
};

/// Why a new password is refused: a sentence in Spanish for the person.
struct WeakPassword {
    std::string message;
};

/// At least 12 characters, at most 256, valid UTF-8, without the login in it, none of the common ones.
concejo::Result<std::string, WeakPassword> accept_password(std::string_view password, std::string_view login);

}  // namespace kernel::identity
