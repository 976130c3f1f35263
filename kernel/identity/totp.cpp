#include "kernel/identity/totp.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/random.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace kernel::identity {
namespace {

std::string percent(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

std::int64_t totp_step(base::TimePoint time) { return base::unix_seconds(time) / 30; }

std::string totp_code(std::string_view secret, std::int64_t step, int digits) {
    unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
    for (int i = 0; i < 8; ++i) counter[i] = static_cast<unsigned char>(step >> (56 - 8 * i));
    unsigned int size = 0;
    if (!HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter, sizeof counter, mac,
              &size))
        throw concejo::Error(concejo::ErrorKind::internal, "OpenSSL no da HMAC-SHA-1");
    const unsigned offset = mac[size - 1] & 0x0f;
    std::uint32_t value =
        (mac[offset] & 0x7fu) << 24 | mac[offset + 1] << 16 | mac[offset + 2] << 8 | mac[offset + 3];
    std::uint32_t modulus = 1;
    for (int i = 0; i < digits; ++i) modulus *= 10;
    return fmt::format("{:0{}}", value % modulus, digits);
}

std::optional<std::int64_t> totp_match(std::string_view secret, std::string_view code, base::TimePoint now,
                                       std::optional<std::int64_t> last_step) {
    std::string digits;
    for (const char c : code.substr(0, 32)) {
        if (c != ' ') digits += c;
    }
    std::optional<std::int64_t> found;
    const auto present = totp_step(now);
    for (const auto step : {present, present - 1, present + 1}) {
        const bool equal = base::equals_constant_time(totp_code(secret, step), digits);
        if (equal && (!last_step || step > *last_step) && !found) found = step;
    }
    return found;
}

std::string new_totp_secret() { return base::random_bytes(20); }

std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view login) {
    // The label's colon separates issuer and account; the rest is what most applications take for granted.
    return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}&algorithm=SHA1&digits=6&period=30",
                       percent(issuer), percent(login), base::base32(secret, false), percent(issuer));
}

}  // namespace kernel::identity
