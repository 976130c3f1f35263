// Whether the person in front of a page is still the one who logged in: the own password once more, before what
// could take the municipality's accounts over.
#pragma once

#include "kernel/identity/attempts.hpp"
#include "kernel/identity/users.hpp"

#include <string_view>

namespace kernel::identity {

enum class Confirmed { yes, no, locked };

/// Counted like a login: guesses lock the account.
Confirmed confirm_password(db::Pool& pool, const Users& users, const AttemptRules& rules, const User& person,
                           std::string_view password, const Origin& by, base::TimePoint now);

}  // namespace kernel::identity
