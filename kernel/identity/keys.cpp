#include "kernel/identity/keys.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/base/files.hpp"
#include "kernel/base/random.hpp"
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace kernel::identity {
namespace {

namespace fs = std::filesystem;
using concejo::Error;
using concejo::ErrorKind;

std::array<unsigned char, 32> bytes_of(const std::string& text) {
    std::array<unsigned char, 32> bytes{};
    std::memcpy(bytes.data(), text.data(), bytes.size());
    return bytes;
}
const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Written beside and linked into place: of several processes the first one's key stands.
void make_key_file(const fs::path& file) {
    fs::create_directories(file.parent_path());
    const fs::path mine = file.string() + "." + base::random_hex(6);
    base::write_file_atomically(mine, base::random_hex(32) + "\n", 0600);
    // The command line may run as root before the workers do as somebody else: the folder says who.
    struct stat folder {};
    if (geteuid() == 0 && stat(file.parent_path().c_str(), &folder) == 0 &&
        chown(mine.c_str(), folder.st_uid, folder.st_gid) != 0) {
        unlink(mine.c_str());
        throw Error(ErrorKind::forbidden, base::tr("no se puede dar {0} al dueño de su carpeta: {1}",
                                                   file.string(), std::strerror(errno)));
    }
    const int failed = link(mine.c_str(), file.c_str()) == 0 ? 0 : errno;
    unlink(mine.c_str());
    if (failed != 0 && failed != EEXIST)
        throw Error(ErrorKind::internal,
                    base::tr("no se puede crear la clave {0}: {1}", file.string(), std::strerror(failed)));
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
    crypto_auth_hmacsha256_state state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_init(&state, raw(key), key.size());
    crypto_auth_hmacsha256_update(&state, raw(text), text.size());
    crypto_auth_hmacsha256_final(&state, mac);
    return {reinterpret_cast<const char*>(mac), sizeof mac};
}

Keys::Keys(std::string_view master) : master_(master) {
    if (sodium_init() < 0)
        throw Error(ErrorKind::internal, "libsodium no arranca: el sistema no da números aleatorios");
    if (master.size() != 32)
        throw Error(ErrorKind::invalid, "la clave de la instalación debe tener 32 bytes");
}

Keys Keys::from_text(std::string_view text) { return Keys(base::unhex(text).value_or("")); }

Keys Keys::from_file(const fs::path& file) {
    if (!fs::exists(file)) make_key_file(file);
    struct stat info {};
    if (stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0)
        throw Error(
            ErrorKind::forbidden,
            base::tr("{0}: otros usuarios pueden leer la clave de la instalación; ejecute: chmod 600 {0}",
                     file.string()));
    const auto text = base::read_file(file, 256);
    const auto key = base::unhex(base::trim(text));
    if (!key || key->size() != 32)
        throw Error(ErrorKind::invalid,
                    base::tr("{}: no contiene la clave de la instalación (64 cifras hexadecimales); "
                             "recupérela de la copia de seguridad",
                             file.string()));
    return Keys(*key);
}

std::string Keys::seal(std::string_view plain, std::string_view purpose) const {
    const auto key = bytes_of(hmac_sha256(master_, "concejo.seal"));
    std::string out = base::random_bytes(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    std::string box(plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
    crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(box.data()), nullptr,
                                               raw(plain), plain.size(), raw(purpose), purpose.size(),
                                               nullptr, raw(out), key.data());
    return base::base64url(out + box);
}

std::optional<std::string> Keys::open(std::string_view sealed, std::string_view purpose) const {
    constexpr std::size_t nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
                          tag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    const auto bytes = base::unbase64url(sealed);
    if (!bytes || bytes->size() < nonce + tag) return std::nullopt;
    const auto key = bytes_of(hmac_sha256(master_, "concejo.seal"));
    const std::string_view box = std::string_view(*bytes).substr(nonce);
    std::string plain(box.size() - tag, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()), nullptr,
                                                   nullptr, raw(box), box.size(), raw(purpose),
                                                   purpose.size(), raw(*bytes), key.data()) != 0)
        return std::nullopt;
    return plain;
}

std::string Keys::sign(std::string_view text, std::string_view purpose) const {
    return hmac_sha256(hmac_sha256(master_, "concejo.sign." + std::string(purpose)), text);
}

}  // namespace kernel::identity
