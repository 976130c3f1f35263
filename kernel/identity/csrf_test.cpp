#include "kernel/identity/csrf.hpp"

#include "kernel/base/random.hpp"
#include "kernel/identity/fixture.hpp"

#include <catch2/catch.hpp>

namespace kernel::identity {
namespace {

TEST_CASE("a form token belongs to one session, and looks different each time") {
    const auto secret = base::random_bytes(32), other = base::random_bytes(32);
    const auto token = csrf_token(secret);
    CHECK(csrf_ok(secret, token));
    CHECK(csrf_token(secret) != token);
    CHECK(csrf_ok(secret, csrf_token(secret)));
    CHECK_FALSE(csrf_ok(other, token));
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(csrf_ok(secret, changed));
    }
    for (const char* wrong : {"", "A", "====", "ñ"}) CHECK_FALSE(csrf_ok(secret, wrong));
    CHECK_FALSE(csrf_ok(secret, std::string(86, 'A')));
    CHECK_FALSE(csrf_ok(secret, std::string(5000, 'A')));
}

TEST_CASE("a visitor's form token goes with the cookie, in its municipality, for a day") {
    const Keys keys(std::string(32, 'k'));
    StillClock clock;
    const VisitorCsrf csrf(keys, clock);
    const auto cookie = csrf.new_cookie("ribera"), another = csrf.new_cookie("ribera");
    const auto token = csrf.token("ribera", cookie);
    CHECK(cookie != another);
    CHECK(csrf.cookie_ok("ribera", cookie));
    CHECK(csrf.ok("ribera", cookie, token));
    CHECK_FALSE(csrf.ok("ribera", another, token));
    CHECK_FALSE(csrf.ok("monte", cookie, token));
    CHECK_FALSE(csrf.ok("ribera", "", token));
    CHECK_FALSE(csrf.ok("ribera", cookie, ""));
    CHECK_FALSE(csrf.cookie_ok("ribera", "1772442000.AAAAAAAAAAAAAAAAAAAAAA.AAAA"));
    CHECK_FALSE(csrf.cookie_ok("ribera", "9" + cookie));
    CHECK_FALSE(VisitorCsrf(Keys(std::string(32, 'x')), clock).cookie_ok("ribera", cookie));
    clock.advance(std::chrono::hours(24) - std::chrono::seconds(1));
    CHECK(csrf.ok("ribera", cookie, token));
    clock.advance(std::chrono::seconds(1));
    CHECK_FALSE(csrf.ok("ribera", cookie, token));
}

TEST_CASE("addresses are kept as prefixes only") {
    CHECK(address_prefix("192.0.2.77") == "192.0.2.0/24");
    CHECK(address_prefix("::ffff:192.0.2.77") == "192.0.2.0/24");
    CHECK(address_prefix("2001:db8:1:2:3:4:5:6") == "2001:db8:1::/48");
    CHECK(address_prefix("::1") == "::/48");
    CHECK(address_prefix("unix:") == "");
    CHECK(address_prefix("") == "");
}

}  // namespace
}  // namespace kernel::identity
