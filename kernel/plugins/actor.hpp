// How the audit names who acts.
#pragma once

#include "kernel/identity/principal.hpp"

#include <string>

namespace kernel::plugins {

inline std::string actor_of(const identity::Principal& who) {
    switch (who.kind) {
        case identity::PrincipalKind::staff:
            return "user:" + who.id;
        case identity::PrincipalKind::token:
            return "token:" + who.id;
        case identity::PrincipalKind::system:
            return "system:" + who.login;
        case identity::PrincipalKind::anonymous:
            break;
    }
    return "anonymous";
}

}  // namespace kernel::plugins
