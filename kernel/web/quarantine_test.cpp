#include "kernel/base/files.hpp"
#include "kernel/crash/here.hpp"
#include "kernel/crash/ledger.hpp"
#include "kernel/crash/shared_page.hpp"
#include "kernel/web/site_fixture.hpp"

#include <catch2/catch.hpp>

using namespace kernel::web;
namespace crash = kernel::crash;

namespace {

/// What a supervisor would tell this worker.
struct Quarantine {
    kernel::base::TempDir folder;
    crash::SharedPage shared;
    const kernel::base::SystemClock clock{};
    crash::Ledger ledger{folder.path() / "cuarentena.json", clock};

    Quarantine() { crash::attach(&shared.page()); }
    ~Quarantine() { crash::attach(nullptr); }
    void put(const std::string& plugin, const std::string& tenant) {
        for (int i = 0; i < 3; ++i) ledger.add({plugin, tenant, "r", crash::Phase::call, "SIGSEGV"});
        ledger.publish(shared.page());
    }
    void lift(const std::string& plugin) {
        ledger.restore(plugin, std::nullopt);
        ledger.publish(shared.page());
    }
};

}  // namespace

TEST_CASE("routes of a plugin in quarantine answer a themed 503 with Retry-After; all else goes on") {
    World w;
    Quarantine quarantine;
    const auto& ribera = *w.tenants->by_slug("ribera");
    REQUIRE(w.get("ribera.test", "/es/buzon").status == 200);  // in the cache from now on
    quarantine.put("buzon", "otro-municipio");
    CHECK(w.get("ribera.test", "/es/buzon").status == 200);
    quarantine.put("buzon", ribera.id);
    for (const auto* where : {"/es/buzon", "/ca/buzon"}) {
        const auto answer = w.get("ribera.test", where);
        CHECK(answer.status == 503);
        CHECK(answer.field("Retry-After") == "300");
        CHECK(answer.field("Cache-Control") == "no-store");
        CHECK(text_of(answer).find("data-c=\"error-page\"") != std::string::npos);
    }
    CHECK(w.get("ribera.test", "/es/mapa-web").status == 200);
    CHECK(w.get("ribera.test", "/es/no-hay").status == 404);
    quarantine.lift("buzon");
    CHECK(w.get("ribera.test", "/es/buzon").status == 200);
}

TEST_CASE("while a module is not loaded at all, an unknown address is not said to be gone") {
    World w;
    REQUIRE(w.get("ribera.test", "/es/averias").status == 404);
    auto& ribera = const_cast<kernel::tenancy::Tenant&>(*w.tenants->by_slug("ribera"));
    ribera.unavailable["averias"] = "en cuarentena por caer al arrancar";
    const auto answer = w.get("ribera.test", "/es/averias");
    CHECK(answer.status == 503);
    CHECK_FALSE(answer.field("Retry-After").empty());
    CHECK(w.get("ribera.test", "/es/buzon").status == 200);
    CHECK(w.get("vado.test", "/es/averias").status == 404);
}
