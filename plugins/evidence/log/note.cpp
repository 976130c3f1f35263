#include "plugins/evidence/log/note.hpp"

#include "plugins/evidence/log/cosignature.hpp"
#include "plugins/evidence/log/decimal.hpp"

#include <concejo/error.hpp>
#include <concejo/utf8.hpp>

namespace evidence::log {
namespace {

constexpr std::string_view dash = "\xE2\x80\x94 ";  // U+2014 and a space
constexpr std::size_t longest_note = 256 * 1024, most_signatures = 100;

bool is_space(char32_t c) {  // White_Space of Unicode
    return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

std::string typed(SignatureType type, const crypto::PublicKey& key) {
    std::string bytes(1, static_cast<char>(type));
    return bytes.append(reinterpret_cast<const char*>(key.data()), key.size());
}

std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
}

std::uint32_t read_big_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const unsigned char byte : bytes.substr(0, 4)) value = value << 8 | byte;
    return value;
}

}  // namespace

bool is_key_name(std::string_view name) {
    if (name.empty()) return false;
    while (!name.empty()) {
        const auto code = concejo::take_code_point(name);
        if (!code || *code < 0x20 || *code == '+' || is_space(*code)) return false;
    }
    return true;
}

VerifierKey::VerifierKey(std::string name, SignatureType type, const crypto::PublicKey& key)
    : name_(std::move(name)), type_(type), key_(key) {
    if (!is_key_name(name_)) throw concejo::Error(concejo::ErrorKind::invalid, "note: bad key name");
    id_ = read_big_endian(crypto::view(crypto::sha256(name_ + "\n" + typed(type, key))));
}

std::optional<VerifierKey> VerifierKey::parse(std::string_view text) {
    const auto first = text.find('+');
    if (first == std::string_view::npos || text.size() < first + 10 || text[first + 9] != '+')
        return std::nullopt;
    const auto name = text.substr(0, first);
    const auto bytes = crypto::unbase64(text.substr(first + 10));
    if (!is_key_name(name) || !bytes || bytes->size() != 33) return std::nullopt;
    const auto type = static_cast<SignatureType>((*bytes)[0]);
    if (type != SignatureType::ed25519 && type != SignatureType::cosignature) return std::nullopt;
    crypto::PublicKey raw;
    std::copy(bytes->begin() + 1, bytes->end(), raw.begin());
    VerifierKey key(std::string(name), type, raw);
    if (key.text() != text) return std::nullopt;
    return key;
}

std::string VerifierKey::text() const {
    return name_ + "+" + crypto::hex(big_endian(id_)) + "+" + crypto::base64(typed(type_, key_));
}

std::string NoteSignature::line() const {
    return std::string(dash) + name + " " + crypto::base64(big_endian(id) + bytes) + "\n";
}

std::optional<NoteSignature> NoteSignature::parse(std::string_view line) {
    if (!line.starts_with(dash)) return std::nullopt;
    line.remove_prefix(dash.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
    const auto bytes = crypto::unbase64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5) return std::nullopt;
    return NoteSignature{std::string(line.substr(0, space)), read_big_endian(*bytes), bytes->substr(4)};
}

std::string Note::write() const {
    std::string bytes = text + "\n";
    for (const auto& signature : signatures) bytes += signature.line();
    return bytes;
}

std::optional<Note> Note::parse(std::string_view bytes) {
    if (bytes.size() > longest_note || !concejo::is_utf8(bytes)) return std::nullopt;
    for (const unsigned char c : bytes)
        if (c < 0x20 && c != '\n') return std::nullopt;
    const auto blank = bytes.rfind("\n\n");
    if (blank == std::string_view::npos) return std::nullopt;
    Note note{std::string(bytes.substr(0, blank + 1)), {}};
    for (auto rest = bytes.substr(blank + 2); !rest.empty() || note.signatures.empty();) {
        const auto line = take_line(rest);
        auto signature = line ? NoteSignature::parse(*line) : std::nullopt;
        if (!signature || note.signatures.size() == most_signatures) return std::nullopt;
        note.signatures.push_back(std::move(*signature));
    }
    return note;
}

NoteSignature sign_note(const VerifierKey& key, const crypto::Ed25519Signer& signer, std::string_view text) {
    return {key.name(), key.id(), signer(text)};
}

Signed signed_by(const Note& note, const VerifierKey& key) {
    auto result = Signed::no;
    for (const auto& signature : note.signatures) {
        if (!signature.by(key)) continue;
        const bool good = key.type() == SignatureType::cosignature
                              ? cosigned_at(note.text, signature, key).has_value()
                              : crypto::verify_ed25519(key.key(), note.text, signature.bytes);
        if (!good) return Signed::badly;
        result = Signed::yes;
    }
    return result;
}

}  // namespace evidence::log
