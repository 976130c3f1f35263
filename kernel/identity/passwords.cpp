#include "kernel/identity/passwords.hpp"

#include <concejo/error.hpp>

#include <sodium.h>

#include <chrono>
#include <semaphore>

namespace kernel::identity {
namespace {

constexpr std::size_t longest = 1024;  // bytes; more is no password but an attempt to keep us busy

/// Turns at the memory that hashing takes. One count for the process: the machine has one memory.
std::counting_semaphore<2>& turns() {
    static std::counting_semaphore<2> two{2};
    return two;
}

class Turn {
public:
    Turn() {
        if (!turns().try_acquire_for(std::chrono::seconds(10)))
            throw concejo::Error(
                concejo::ErrorKind::unavailable,
                "hay demasiados accesos a la vez; vuelva a intentarlo dentro de unos segundos");
    }
    ~Turn() { turns().release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
};

void start_sodium() {
    if (sodium_init() < 0)
        throw concejo::Error(concejo::ErrorKind::internal,
                             "libsodium no arranca: el sistema no da números aleatorios");
}

}  // namespace

Passwords::Passwords(HashCost cost) : cost_(cost) {
    start_sodium();
    char nobody[32];
    randombytes_buf(nobody, sizeof nobody);
    dummy_ = hash({nobody, sizeof nobody});
}

std::string Passwords::hash(std::string_view password) const {
    const Turn turn;
    char text[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(text, password.data(), password.size(), cost_.passes, cost_.memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw concejo::Error(concejo::ErrorKind::unavailable, "no hay memoria para comprobar contraseñas");
    return text;
}

bool Passwords::verify(std::string_view hash, std::string_view password) const {
    const bool usable = hash.starts_with("$argon2id$") && hash.size() < crypto_pwhash_STRBYTES;
    const std::string text(usable ? hash : std::string_view(dummy_));
    const Turn turn;
    const bool equal =
        crypto_pwhash_str_verify(text.c_str(), password.data(), std::min(password.size(), longest + 1)) == 0;
    return equal && usable && password.size() <= longest;
}

bool Passwords::needs_rehash(const std::string& hash) const {
    return hash.size() >= crypto_pwhash_STRBYTES ||
           crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.passes, cost_.memory) != 0;
}

}  // namespace kernel::identity
