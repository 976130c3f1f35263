#include "kernel/identity/csrf.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/random.hpp"
#include "kernel/base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace kernel::identity {
namespace {

constexpr std::chrono::hours cookie_life{24};
constexpr std::string_view cookie_purpose = "visitor cookie", form_purpose = "visitor form";

std::string exclusive_or(std::string_view a, std::string_view b) {
    std::string out(a);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(out[i] ^ b[i]);
    return out;
}

}  // namespace

std::string csrf_token(std::string_view session_secret) {
    const auto proof = hmac_sha256(session_secret, "csrf");
    const auto mask = base::random_bytes(proof.size());
    return base::base64url(mask + exclusive_or(proof, mask));
}

bool csrf_ok(std::string_view session_secret, std::string_view submitted) {
    const auto bytes = base::unbase64url(submitted);
    if (!bytes || bytes->size() != 64) return false;
    const auto shown =
        exclusive_or(std::string_view(*bytes).substr(0, 32), std::string_view(*bytes).substr(32));
    return base::equals_constant_time(shown, hmac_sha256(session_secret, "csrf"));
}

// "<seconds>.<random>.<signature over tenant, seconds, random>"
std::string VisitorCsrf::new_cookie(std::string_view tenant) const {
    const auto content = fmt::format("{}.{}", base::unix_seconds(clock_.now()), base::random_token(16));
    return content + "." +
           base::base64url(keys_.sign(fmt::format("{}\n{}", tenant, content), cookie_purpose));
}

bool VisitorCsrf::cookie_ok(std::string_view tenant, std::string_view cookie) const {
    if (cookie.size() > 200) return false;
    const auto parts = base::split(cookie, '.');
    if (parts.size() != 3) return false;
    std::int64_t made = 0;
    const auto [end, error] = std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), made);
    if (error != std::errc{} || end != parts[0].data() + parts[0].size()) return false;
    const auto content = cookie.substr(0, cookie.rfind('.'));
    const auto signature = base::unbase64url(parts[2]);
    const auto age = std::chrono::seconds(base::unix_seconds(clock_.now()) - made);
    return signature && age < cookie_life &&
           base::equals_constant_time(*signature,
                                      keys_.sign(fmt::format("{}\n{}", tenant, content), cookie_purpose));
}

std::string VisitorCsrf::secret(std::string_view tenant, std::string_view cookie) const {
    return keys_.sign(fmt::format("{}\n{}", tenant, cookie), form_purpose);
}

std::string VisitorCsrf::token(std::string_view tenant, std::string_view cookie) const {
    return csrf_token(secret(tenant, cookie));
}

bool VisitorCsrf::ok(std::string_view tenant, std::string_view cookie, std::string_view submitted) const {
    return cookie_ok(tenant, cookie) && csrf_ok(secret(tenant, cookie), submitted);
}

}  // namespace kernel::identity
