// Signed notes (c2sp.org/signed-note): a text, and lines with who signed it.
#pragma once

#include "plugins/evidence/crypto/ed25519.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace evidence::log {

enum class SignatureType : unsigned char {
    ed25519 = 0x01,     ///< a log's
    cosignature = 0x04  ///< a witness's, with its time (c2sp.org/tlog-cosignature)
};

/// Name without Unicode spaces and without '+': what a key may be called.
bool is_key_name(std::string_view name);

/// Who may sign. The id is four bytes of a hash: it tells keys apart, and proves nothing.
class VerifierKey {
public:
    /// Throws Error{invalid} for a name that a key cannot have.
    VerifierKey(std::string name, SignatureType type, const crypto::PublicKey& key);
    /// A "vkey": name+id+base64. Nothing for other text, other algorithms, or an id that is not the key's.
    static std::optional<VerifierKey> parse(std::string_view text);

    std::string text() const;
    const std::string& name() const { return name_; }
    SignatureType type() const { return type_; }
    const crypto::PublicKey& key() const { return key_; }
    std::uint32_t id() const { return id_; }

private:
    std::string name_;
    SignatureType type_;
    crypto::PublicKey key_;
    std::uint32_t id_;
};

struct NoteSignature {
    std::string name;
    std::uint32_t id = 0;
    std::string bytes;  ///< after the id

    std::string line() const;  ///< "— name base64", with its newline
    /// One such line without its newline.
    static std::optional<NoteSignature> parse(std::string_view line);
    bool by(const VerifierKey& key) const { return name == key.name() && id == key.id(); }
};

struct Note {
    std::string text;  ///< ends in a newline
    std::vector<NoteSignature> signatures;

    std::string write() const;
    /// Nothing for what is no note: at most 256 KiB and 100 signatures, UTF-8, no control characters.
    static std::optional<Note> parse(std::string_view bytes);
};

/// Signs a note's text as its type 0x01 says.
NoteSignature sign_note(const VerifierKey& key, const crypto::Ed25519Signer& signer, std::string_view text);

/// What a note's signatures by one Ed25519 key are worth. A bad one makes the whole note bad, whatever the
/// rest says.
enum class Signed { no, yes, badly };
Signed signed_by(const Note& note, const VerifierKey& key);

}  // namespace evidence::log
