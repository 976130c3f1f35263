#include "kernel/identity/confirmation.hpp"

namespace kernel::identity {

Confirmed confirm_password(db::Pool& pool, const Users& users, const AttemptRules& rules, const User& person,
                           std::string_view password, const Origin& by, base::TimePoint now) {
    const Attempts attempts(rules);
    Attempt attempt;
    {
        auto tx = pool.begin_kernel(person.tenant);
        attempt = attempts.begin(tx, person.login, address_prefix(by.peer), now);
        tx.commit();
    }  // no connection is held while hashing
    if (attempt.id == 0) return Confirmed::locked;
    const bool good = users.knows_password(person.tenant, person.id, password);
    auto tx = pool.begin_kernel(person.tenant);
    if (good)
        attempts.withdrawn(tx, attempt);
    else
        audit::record(tx, event_of(by, person.tenant, "user.confirm", "user:" + person.id, "denied"));
    tx.commit();
    return good ? Confirmed::yes : Confirmed::no;
}

}  // namespace kernel::identity
