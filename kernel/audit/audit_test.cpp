#include "kernel/audit/audit.hpp"
#include "tests/support/postgres.hpp"

#include <catch2/catch.hpp>

#include <thread>

using kernel::audit::Event;

namespace {

Event event(const std::string& tenant, const std::string& action) {
    return {tenant, "user:1",       action, "edicto/1",
            "ok",   "192.0.2.0/24", "r-1",  concejo::Json::object({{"título", "ñ \"x\""}})};
}

}  // namespace

TEST_CASE("what is recorded is read back, newest first, and stands only if the transaction does") {
    const auto tenant = tests::cluster().tenant("auditado");
    auto pool = tests::cluster().pool(4);
    kernel::audit::record(*pool, event(tenant.id, "primero"));
    {
        auto tx = pool->begin(tenant);
        kernel::audit::record(tx, event("", "deshecho"));
    }
    auto tx = pool->begin(tenant);
    kernel::audit::record(tx, event("", "segundo"));
    tx.commit();
    const auto entries = kernel::audit::last(*pool, tenant.id, 10);
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].action == "segundo");
    CHECK(entries[1].action == "primero");
    CHECK(entries[0].number == 2);
    CHECK(entries[0].details["título"] == concejo::Json("ñ \"x\""));
    CHECK(kernel::audit::last(*pool, tenant.id, 10, entries[0].id).size() == 1);
    CHECK(kernel::audit::last(*pool, "otro", 10).empty());
}

TEST_CASE("nobody changes or removes entries, and a forged one breaks the chain where it stands") {
    const auto tenant = tests::cluster().tenant("cadena");
    auto pool = tests::cluster().pool(8);
    std::vector<std::thread> writers;
    for (int w = 0; w < 4; ++w)
        writers.emplace_back([&] {
            for (int i = 0; i < 25; ++i) kernel::audit::record(*pool, event(tenant.id, "acto"));
        });
    for (auto& writer : writers) writer.join();
    CHECK(kernel::audit::last(*pool, tenant.id, 1)[0].number == 100);
    CHECK(kernel::audit::verify_chain(*pool, tenant.id) == 0);
    for (const auto* sql : {"update concejo.audit set result = 'x'", "delete from concejo.audit",
                            "delete from concejo.audit_chain"}) {
        auto tx = pool->begin_kernel();
        CHECK_THROWS_AS(tx.exec(sql), concejo::Error);
        CHECK_THROWS_AS(tests::cluster().superuser(sql), concejo::Error);
    }
    CHECK_THROWS_AS(tests::cluster().superuser("truncate concejo.audit cascade"), concejo::Error);
    // The machine's own administrator can force it, but not without a trace:
    tests::cluster().superuser("alter table concejo.audit disable trigger audit_append_only");
    tests::cluster().superuser(
        "update concejo.audit set actor = 'user:2' where id = (select audit_id from concejo.audit_chain "
        "where tenant = 'cadena' and number = 60)");
    tests::cluster().superuser("alter table concejo.audit enable trigger audit_append_only");
    CHECK(kernel::audit::verify_chain(*pool, tenant.id) == 60);
}

TEST_CASE("events of the installation itself have a chain too") {
    auto pool = tests::cluster().pool(2);
    kernel::audit::record(*pool, event("", "arranque"));
    REQUIRE(kernel::audit::last(*pool, "", 5).size() == 1);
    CHECK(kernel::audit::verify_chain(*pool, "") == 0);
}
