#include "plugins/evidence/crypto/digest.hpp"

namespace evidence::crypto {
namespace {

/// Looked for once: OpenSSL 3 otherwise looks for the implementation at every hash, and a tree is made of
/// small ones.
const EVP_MD* method() {
    static const Owned<EVP_MD, EVP_MD_free> found(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    if (!found) throw_openssl("SHA-256");
    return found.get();
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), method(), nullptr) != 1) throw_openssl("SHA-256");
}

Sha256& Sha256::add(std::string_view bytes) {
    if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) throw_openssl("SHA-256");
    return *this;
}

Digest Sha256::finish() {
    Digest digest;
    if (EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) throw_openssl("SHA-256");
    return digest;
}

Digest sha256(std::string_view bytes) { return Sha256().add(bytes).finish(); }

}  // namespace evidence::crypto
