// Who asked for a change and from where: what the audit needs to know of it.
#pragma once

#include "kernel/audit/audit.hpp"

#include <string>
#include <string_view>

namespace kernel::identity {

/// Accounts of the platform's operators belong to this tenant. Longer than the 40 characters that the configuration
/// allows a municipality's id, so that none can be called so.
inline constexpr std::string_view platform_tenant = "operators_of_the_platform_not_of_a_municipality";

/// The kernel's one role: whoever has it may do everything there is.
inline constexpr std::string_view administrator_role = "administracion";

struct Origin {
    std::string actor =
        "anonymous";   ///< "user:<uuid>", "token:<uuid>", "system:<name>", as audit::Event has it
    std::string peer;  ///< the client's whole address; only its prefix is ever stored
    std::string request_id;
};

/// "192.0.2.0/24", "2001:db8:1::/48"; empty for what is no address.
std::string address_prefix(std::string_view address);

audit::Event event_of(const Origin& by, std::string_view tenant, std::string action, std::string object,
                      std::string result = "ok");

}  // namespace kernel::identity
