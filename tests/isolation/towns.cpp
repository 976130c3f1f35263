#include "tests/isolation/towns.hpp"

#include "kernel/audit/audit.hpp"
#include "kernel/base/digest.hpp"
#include "kernel/identity/idempotency.hpp"
#include "kernel/identity/totp.hpp"
#include "kernel/jobs/job.hpp"
#include "kernel/jobs/schedule.hpp"

namespace tests {
namespace {

using kernel::db::Params;

/// What a plugin's migration makes.
constexpr const char* plugin_tables =
    "create table nota (id uuid primary key default gen_random_uuid(), texto text not null);create sequence "
    "numero;create view notas as select * from nota;create function cuantas() returns bigint language sql "
    "stable as 'select count(*) from nota';";

/// Kernel tables that no service of this test fills: as their folder writes them.
void fill_by_hand(kernel::db::Transaction& tx, const std::string& tenant, const std::string& secret) {
    tx.exec(
        "insert into concejo.uploads (tenant, id, owner, metadata, expires_at) values ($1, repeat('0', 32), "
        "'user:x', $2, now() + interval '1 day')",
        Params(tenant, secret));
    tx.exec("insert into page_generations (tenant, generation) values ($1, 7)", Params(tenant));
    tx.exec("insert into outbox (tenant, plugin, kind, payload) values ($1, 'sede', 'mail', $2)",
            Params(tenant, concejo::Json::object({{"text", secret}})));
    tx.exec("insert into mail (tenant, message_id, recipient, plugin) values ($1, 'm@a.test', $2, 'sede')",
            Params(tenant, secret));
}

}  // namespace

Towns::Towns() {
    all.push_back(make("aislada_a"));
    all.push_back(make("aislada_b"));
}

Town Towns::make(const std::string& id) {
    const kernel::identity::Origin by{"system:test", "192.0.2.1", "r-" + id};
    Town town;
    town.tenant = cluster().tenant(id, plugin_tables);
    town.secret = "secreto de " + id;
    town.user = users.add({id, login, town.secret, "", {"administracion"}, password, false}, by);
    kernel::identity::Credentials given;
    given.tenant = id;
    given.login = login;
    given.password = password;
    given.peer = "192.0.2.1";
    town.session = *sign_in(given).session;
    town.token = tokens.create(id, town.secret, {"sede.publicar"}, std::nullopt, by);
    town.totp_secret = kernel::identity::new_totp_secret();

    auto tx = pool->begin(town.tenant);
    town.note = tx.exec("insert into nota (texto) values ($1) returning id", Params(town.secret)).text(0, 0);
    bool given_out = false;
    town.blob = blobs
                    .put(tx,
                         [&] {
                             return std::exchange(given_out, true) ? std::string_view()
                                                                   : std::string_view(town.secret);
                         })
                    .id;
    const kernel::identity::Idempotency repeats(clock);
    repeats.begin(tx, "owner", "key", "POST /", kernel::base::sha256(""));
    repeats.finish(tx, "owner", "key", {200, "", "text/plain", town.secret});
    kernel::jobs::Job job{"sede", "publish", concejo::Json::object({{"text", town.secret}})};
    kernel::jobs::enqueue(tx, job);
    tx.commit();
    kernel::jobs::Schedule schedule{"sede", "sweep", 3600};
    kernel::jobs::declare_schedules(*pool, id, {schedule});
    auto kernel = pool->begin_kernel(id);
    fill_by_hand(kernel, id, town.secret);
    kernel.commit();
    return town;
}

Towns& towns() {
    static Towns both;
    return both;
}

}  // namespace tests
