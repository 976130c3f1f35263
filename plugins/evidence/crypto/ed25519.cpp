#include "plugins/evidence/crypto/ed25519.hpp"

#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/crypto/encoding.hpp"

#include <algorithm>

namespace evidence::crypto {
namespace {

// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }: RFC 8410, section 4.
constexpr std::string_view spki_prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::string_view pem_begin = "-----BEGIN PUBLIC KEY-----\n",
                           pem_end = "\n-----END PUBLIC KEY-----\n";

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string spki(const PublicKey& key) {
    std::string der(spki_prefix);
    der.append(reinterpret_cast<const char*>(key.data()), key.size());
    return der;
}

}  // namespace

bool verify_ed25519(const PublicKey& key, std::string_view message, std::string_view signature) {
    if (signature.size() != 64) return false;
    const Key loaded(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    const DigestContext context(EVP_MD_CTX_new());
    if (!loaded || !context) throw_openssl("Ed25519");
    if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, loaded.get()) != 1)
        throw_openssl("Ed25519");
    return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                            message.size()) == 1;
}

std::string sign_ed25519(EVP_PKEY& key, std::string_view message) {
    const DigestContext context(EVP_MD_CTX_new());
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, &key) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       bytes_of(message), message.size()) != 1 ||
        size != signature.size())
        throw_openssl("Ed25519");
    return signature;
}

Key generate_ed25519() {
    Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    if (!key) throw_openssl("Ed25519");
    return key;
}

Key ed25519_from_seed(std::string_view seed) {
    Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size()));
    if (!key) throw_openssl("Ed25519");
    return key;
}

PublicKey public_key(EVP_PKEY& key) {
    PublicKey raw;
    std::size_t size = raw.size();
    if (EVP_PKEY_get_base_id(&key) != EVP_PKEY_ED25519 ||
        EVP_PKEY_get_raw_public_key(&key, raw.data(), &size) != 1 || size != raw.size())
        throw_openssl("Ed25519");
    return raw;
}

std::string public_pem(const PublicKey& key) {
    std::string text(pem_begin);
    return text += base64(spki(key)), text += pem_end;
}

std::optional<PublicKey> from_public_pem(std::string_view text) {
    if (!text.starts_with(pem_begin) || !text.ends_with(pem_end)) return std::nullopt;
    if (text.size() != pem_begin.size() + 60 + pem_end.size()) return std::nullopt;
    const auto der = unbase64(text.substr(pem_begin.size(), 60));
    if (!der || !der->starts_with(spki_prefix) || der->size() != spki_prefix.size() + 32) return std::nullopt;
    PublicKey key;
    std::copy(der->begin() + spki_prefix.size(), der->end(), key.begin());
    return key;
}

std::string fingerprint(const PublicKey& key) { return hex(view(sha256(spki(key)))); }

}  // namespace evidence::crypto
