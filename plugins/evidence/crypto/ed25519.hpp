// Ed25519 (RFC 8032) with raw keys and signatures: 32 and 64 bytes, as `openssl pkeyutl -rawin` takes them.
#pragma once

#include "plugins/evidence/crypto/openssl.hpp"

#include <array>
#include <functional>
#include <optional>

namespace evidence::crypto {

using PublicKey = std::array<unsigned char, 32>;

/// Signs a message: 64 bytes. The key may be in a file, a token or another process.
using Ed25519Signer = std::function<std::string(std::string_view message)>;

bool verify_ed25519(const PublicKey& key, std::string_view message, std::string_view signature);
std::string sign_ed25519(EVP_PKEY& key, std::string_view message);

Key generate_ed25519();
Key ed25519_from_seed(std::string_view seed);  ///< 32 bytes; throws Error{internal} for any other length
PublicKey public_key(EVP_PKEY& key);           ///< throws Error{internal} where it is no Ed25519 key

/// SubjectPublicKeyInfo (RFC 8410) in PEM, as `openssl pkey -pubout` writes it.
std::string public_pem(const PublicKey& key);
std::optional<PublicKey> from_public_pem(std::string_view text);  ///< that one form and nothing else
/// SHA-256 of the DER of SubjectPublicKeyInfo, in hexadecimal: what people compare.
std::string fingerprint(const PublicKey& key);

}  // namespace evidence::crypto
