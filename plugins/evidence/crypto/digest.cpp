#include "plugins/evidence/crypto/digest.hpp"

namespace evidence::crypto {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) throw_openssl("SHA-256");
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
