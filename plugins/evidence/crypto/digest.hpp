// SHA-256 (FIPS 180-4), of what is at hand or of what arrives in pieces.
#pragma once

#include "plugins/evidence/crypto/openssl.hpp"

#include <array>

namespace evidence::crypto {

using Digest = std::array<unsigned char, 32>;

class Sha256 {
public:
    Sha256();
    Sha256& add(std::string_view bytes);
    Digest finish();  ///< once

private:
    DigestContext context_;
};

Digest sha256(std::string_view bytes);
inline std::string_view view(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace evidence::crypto
