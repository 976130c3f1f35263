// Who is asking.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::identity {

enum class PrincipalKind { anonymous, staff, token, system };

/// A value: carried with each request, job and command. Permissions are already resolved from roles.
struct Principal {
    PrincipalKind kind = PrincipalKind::anonymous;
    std::string id;     ///< user's or token's uuid; empty for anonymous and system
    std::string login;  ///< user's login or token's name; its maker's where a token made it
    std::string name;
    std::vector<std::string> roles;
    std::set<std::string, std::less<>> permissions;  ///< a token's scopes stand here too
    std::string session;                             ///< the session's row, for staff

    bool may(std::string_view permission) const {
        return kind == PrincipalKind::system || permissions.find(permission) != permissions.end();
    }
    static Principal system(std::string name) {
        Principal who;
        who.kind = PrincipalKind::system;
        who.login = std::move(name);
        return who;
    }
};

}  // namespace kernel::identity
