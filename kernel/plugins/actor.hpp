// How the audit names who acts.
#pragma once

#include "kernel/http/message.hpp"
#include "kernel/identity/principal.hpp"

#include <string>

namespace kernel::plugins {

inline std::string actor_of(const identity::Principal& who) {
    switch (who.kind) {
        case identity::PrincipalKind::staff: return "user:" + who.id;
        case identity::PrincipalKind::token: return "token:" + who.id;
        case identity::PrincipalKind::system: return "system:" + who.login;
        case identity::PrincipalKind::anonymous: break;
    }
    return "anonymous";
}

/// The /24 of an IPv4 address or the /48 of an IPv6 one: enough to see a pattern, too little to name a person.
inline std::string address_prefix(std::string_view address) {
    const bool v6 = address.find(':') != std::string_view::npos;
    std::size_t cut = 0;
    for (int part = 0; part < 3 && cut != std::string_view::npos; ++part) cut = address.find(v6 ? ':' : '.', part ? cut + 1 : 0);
    if (cut == std::string_view::npos) return std::string(address);
    return std::string(address.substr(0, cut)) + (v6 ? "::/48" : ".0/24");
}

}  // namespace kernel::plugins
