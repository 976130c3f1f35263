#include "kernel/base/digest.hpp"

#include "kernel/base/encoding.hpp"

#include <concejo/error.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

namespace kernel::base {
namespace {

void require(bool good) {
    if (!good) throw concejo::Error(concejo::ErrorKind::internal, "OpenSSL refuses SHA-256");
}

}  // namespace

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    require(state_->context && EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::string_view bytes) {
    require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
    return *this;
}

std::string Sha256::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    require(EVP_DigestFinal_ex(state_->context, digest.data(), &size) == 1);
    return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string Sha256::finish_hex() { return hex(finish()); }

std::string sha256(std::string_view bytes) { return Sha256().update(bytes).finish(); }

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

bool equals_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace kernel::base
