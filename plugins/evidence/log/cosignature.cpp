#include "plugins/evidence/log/cosignature.hpp"

#include <concejo/error.hpp>

namespace evidence::log {
namespace {

std::string message(std::uint64_t time, std::string_view body) {
    return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(body);
}

}  // namespace

NoteSignature cosign(const VerifierKey& witness, const crypto::Ed25519Signer& signer, std::string_view body,
                     std::uint64_t time) {
    if (witness.type() != SignatureType::cosignature || time >> 63)
        throw concejo::Error(concejo::ErrorKind::invalid, "cosignature: not a witness's key or time");
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(time >> shift & 0xFF);
    return {witness.name(), witness.id(), bytes + signer(message(time, body))};
}

std::optional<std::uint64_t> cosigned_at(std::string_view body, const NoteSignature& signature,
                                         const VerifierKey& witness) {
    if (witness.type() != SignatureType::cosignature || !signature.by(witness) ||
        signature.bytes.size() != 72)
        return std::nullopt;
    std::uint64_t time = 0;
    for (const unsigned char byte : signature.bytes.substr(0, 8)) time = time << 8 | byte;
    if (time >> 63) return std::nullopt;
    if (!crypto::verify_ed25519(witness.key(), message(time, body),
                                std::string_view(signature.bytes).substr(8)))
        return std::nullopt;
    return time;
}

}  // namespace evidence::log
