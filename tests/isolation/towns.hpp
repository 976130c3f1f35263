// Two municipalities on one installation, each with something in every table, served by one and the same
// connection.
#pragma once

#include "kernel/blobs/store.hpp"
#include "kernel/identity/sign_in.hpp"
#include "kernel/identity/tokens.hpp"
#include "kernel/identity/users.hpp"
#include "tests/support/postgres.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tests {

struct Town {
    kernel::db::Tenant tenant;
    kernel::identity::User user;
    kernel::identity::NewSession session;
    kernel::identity::NewToken token;
    std::string totp_secret;  ///< bytes
    std::string blob;         ///< id
    std::string note;         ///< id of a row in the town's own schema
    std::string secret;       ///< a text that stands in rows of this town only
};

/// Made once for the program. Both have a member of staff with the login and the password of the other's.
class Towns {
public:
    Towns();

    static constexpr const char* login = "secretaria";
    static constexpr const char* password = "tres gatos en el tejado";

    kernel::base::SystemClock clock;
    /// One connection: whatever a transaction of one town leaves behind, the next one of the other finds.
    std::unique_ptr<kernel::db::Pool> pool = cluster().pool(1);
    kernel::identity::Keys keys{std::string(32, 'k')};
    kernel::identity::Passwords passwords{kernel::identity::HashCost{1, 8192}};
    kernel::identity::Users users{*pool, passwords, clock};
    kernel::identity::SecondFactor second_factor{*pool, keys, clock};
    kernel::identity::Sessions sessions{*pool, clock};
    kernel::identity::Tokens tokens{*pool, clock};
    kernel::identity::SignIn sign_in{*pool, passwords, second_factor, sessions, keys, clock};
    kernel::blobs::Store blobs{cluster().folder() / "blobs"};
    std::vector<Town> all;

    /// (who asks, whose things) in both directions.
    std::vector<std::pair<const Town*, const Town*>> sides() const {
        return {{&all[0], &all[1]}, {&all[1], &all[0]}};
    }

private:
    Town make(const std::string& id);
};

Towns& towns();

/// The kind with which `work` was refused; "allowed" where it was not.
template <class F>
std::string refused(F&& work) {
    try {
        work();
    } catch (const kernel::db::DbError& error) {
        return error.sqlstate();
    } catch (const concejo::Error& error) {
        return error.kind() == concejo::ErrorKind::not_found ? "not found" : "refused";
    }
    return "allowed";
}

inline const std::string no_right = "42501";  ///< insufficient_privilege: no grant, or against the row policy

}  // namespace tests
