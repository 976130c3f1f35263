// Time-based one-time passwords (RFC 6238: SHA-1, 30 s, six digits): what every authenticator application
// makes.
#pragma once

#include "kernel/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::identity {

/// Number of 30-second steps since 1970.
std::int64_t totp_step(base::TimePoint time);
/// HOTP value of RFC 4226 for that step, with leading zeros. `secret` in bytes.
std::string totp_code(std::string_view secret, std::int64_t step, int digits = 6);
/// The step whose code this is: the present one, one before, or one after, and later than `last_step` (a code
/// serves once). Blanks in the code are ignored. nullopt where it is none of them.
std::optional<std::int64_t> totp_match(std::string_view secret, std::string_view code, base::TimePoint now,
                                       std::optional<std::int64_t> last_step);

/// 20 random bytes, as RFC 4226 recommends.
std::string new_totp_secret();
/// For the QR code: otpauth://totp/Issuer:login?secret=…&issuer=…
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view login);

}  // namespace kernel::identity
