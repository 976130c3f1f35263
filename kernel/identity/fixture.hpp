// For the tests of this folder: a clock that stands still, cheap hashes, a municipality of its own for each
// test.
#pragma once

#include "kernel/base/random.hpp"
#include "kernel/identity/sign_in.hpp"
#include "kernel/identity/totp.hpp"
#include "kernel/identity/users.hpp"
#include "tests/support/postgres.hpp"

#include <memory>
#include <string>

namespace kernel::identity {

class StillClock final : public base::Clock {
public:
    base::TimePoint now() const override { return now_; }
    void advance(std::chrono::milliseconds by) { now_ += by; }

private:
    base::TimePoint now_ = *base::parse_utc("2026-03-02T09:00:00Z");
};

/// As little work as libsodium allows: 8 KiB, one pass.
inline constexpr HashCost cheap{1, 8192};

struct TestIdentity {
    static constexpr const char* password = "tres gatos en el tejado";

    std::unique_ptr<db::Pool> pool = tests::cluster().pool();
    StillClock clock;
    Passwords passwords{cheap};
    Keys keys{std::string(32, 'k')};
    Users users{*pool, passwords, clock};
    SecondFactor second_factor{*pool, keys, clock};
    Sessions sessions{*pool, clock};
    std::string tenant = "t" + base::random_hex(6);
    Origin by{"system:test", "192.0.2.77", "r1"};

    SignIn sign_in(AttemptRules rules = {}) const {
        return SignIn(*pool, passwords, second_factor, sessions, keys, clock, rules);
    }
    User a_user(const std::string& login = "secretaria", std::vector<std::string> roles = {}) {
        return users.add({tenant, login, "Sara Ría", "", std::move(roles), password, false}, by);
    }
    Credentials credentials(const std::string& login = "secretaria",
                            const std::string& typed = password) const {
        Credentials given;
        given.tenant = tenant;
        given.login = login;
        given.password = typed;
        given.peer = "192.0.2.10";
        given.agent = "Mozilla/5.0 (test)";
        return given;
    }
    NewSession a_session(const std::string& login = "secretaria") const {
        return *sign_in()(credentials(login)).session;
    }

    /// A count as superuser: what really stands in the tables.
    static int count(const std::string& from_where) {
        return std::stoi(tests::cluster().superuser("select count(*) from concejo." + from_where));
    }
    int audited(const std::string& action, const std::string& result) const {
        return count("audit where tenant = '" + tenant + "' and action = '" + action + "' and result = '" +
                     result + "'");
    }
};

}  // namespace kernel::identity
