// Who is said to be running, and who is not called: the guard around calls into plugins, without a database.
#include "kernel/base/files.hpp"
#include "kernel/blobs/store.hpp"
#include "kernel/blobs/uploads.hpp"
#include "kernel/crash/ledger.hpp"
#include "kernel/crash/shared_page.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/process/sandbox.hpp"

#include <catch2/catch.hpp>

using namespace kernel::plugins;
namespace crash = kernel::crash;

namespace {

struct Nothing : Renderer, Databases {
    std::string render(Scope&, const std::string&, concejo::Json, bool) override { return {}; }
    std::string url(const Scope&, std::string_view, bool) override { return {}; }
    kernel::db::Pool& of(const kernel::tenancy::Tenant&) override {
        throw concejo::Error(concejo::ErrorKind::internal, "no database here");
    }
};

/// "llama" calls the service of "atiende"; each notes who the page says is running.
struct Bench {
    kernel::base::TempDir folder;
    crash::SharedPage shared;
    kernel::config::PlatformConfig platform;
    kernel::tenancy::Tenants tenants{one_town()};
    Registry registry;
    Nothing nothing;
    kernel::i18n::Catalogs catalogs;
    kernel::blobs::Store blobs{folder.path() / "blobs"};
    kernel::blobs::Uploads uploads{blobs, folder.path() / "uploads", {}};
    kernel::process::Sandbox sandbox{launcher()};
    Services services{platform, tenants, registry, nothing, catalogs, blobs, uploads, sandbox, nothing};
    LoadedPlugin caller, responder;
    Scope scope;
    std::vector<std::string> seen;

    Bench() {
        caller.id = "llama";
        caller.descriptor.optional = {"atiende:1"};
        responder.id = "atiende";
        scope.tenant = tenants.all().front().get();
        scope.request_id = "r-1";
        registry.services["atiende:1"] = {&responder, responder.id, &respond, this};
        registry.searches.push_back({&responder, responder.id, "", 0, &provide, this});
        crash::attach(&shared.page());
    }
    ~Bench() { crash::attach(nullptr); }

    static std::vector<std::unique_ptr<kernel::tenancy::Tenant>> one_town() {
        std::vector<std::unique_ptr<kernel::tenancy::Tenant>> towns;
        towns.push_back(std::make_unique<kernel::tenancy::Tenant>());
        towns.back()->id = "00001";
        towns.back()->modules = {"llama", "atiende"};
        return towns;
    }
    static kernel::process::SandboxOptions launcher() {
        kernel::process::SandboxOptions options;
        options.launcher = CONCEJO_BINARY_DIR "/bin/concejo-sandbox";
        return options;
    }
    /// "plugin/tenant/request" of this thread's slot; "-" for nobody.
    std::string running() const {
        const auto slot = crash::running_slot();
        if (slot == crash::nobody) return "-";
        const auto& frame = shared.page().slots[slot - 1].frame;
        return std::string(crash::text_of(frame.plugin)) + "/" + std::string(crash::text_of(frame.tenant)) +
               "/" + std::string(crash::text_of(frame.request));
    }
    void note() { seen.push_back(running()); }
    void quarantine(const std::string& plugin, const std::string& tenant) {
        const kernel::base::SystemClock clock;
        crash::Ledger ledger(folder.path() / "cuarentena.json", clock);
        for (int i = 0; i < 3; ++i) ledger.add({plugin, tenant, "r", crash::Phase::call, "SIGSEGV"});
        ledger.publish(shared.page());
    }
    concejo_status call_service() {
        concejo_call call{&services, &scope, &caller};
        return bus_table().call(&call, nullptr, {"atiende:1", 9}, {"x", 1}, {"{}", 2}, &hear, this);
    }

    static concejo_status respond(void* self, concejo_call*, concejo_str, concejo_str, concejo_sink sink,
                                  void* context) {
        auto& bench = *static_cast<Bench*>(self);
        bench.note();
        sink(context, {"{}", 2});
        bench.note();
        return CONCEJO_OK;
    }
    static void hear(void* self, concejo_str) { static_cast<Bench*>(self)->note(); }
    static concejo_status provide(void* self, concejo_call*, concejo_str, concejo_sink sink, void* context) {
        static_cast<Bench*>(self)->note();
        sink(context, {"[]", 2});
        return CONCEJO_OK;
    }
};

}  // namespace

TEST_CASE("the slot names the innermost plugin, also while an answer runs the caller's code") {
    Bench bench;
    concejo_call call{&bench.services, &bench.scope, &bench.caller};
    enter(call, [&] {
        bench.note();
        const auto status = bench.call_service();
        bench.note();
        return status;
    });
    bench.note();
    CHECK(bench.seen == std::vector<std::string>{"llama/00001/r-1", "atiende/00001/r-1", "llama/00001/r-1",
                                                 "atiende/00001/r-1", "llama/00001/r-1", "-"});
}

TEST_CASE("a plugin's error leaves nobody running") {
    Bench bench;
    concejo_call call{&bench.services, &bench.scope, &bench.caller};
    CHECK_THROWS_AS(enter(call, [&] { return concejo_status{CONCEJO_CONFLICT}; }), concejo::Error);
    CHECK(bench.running() == "-");
}

TEST_CASE("a call with a deadline hangs as long again after it; one without never does") {
    Bench bench;
    const auto now = std::chrono::steady_clock::now();
    const auto hangs_in = [&](std::chrono::seconds later) {
        concejo_call call{&bench.services, &bench.scope, &bench.caller};
        bool hung = false;
        enter(call, [&] {
            hung = crash::blame_for_hang(bench.shared.page(), now + later).has_value();
            return concejo_status{CONCEJO_OK};
        });
        return hung;
    };
    CHECK_FALSE(hangs_in(std::chrono::hours(48)));
    bench.platform.http.limits.handler = std::chrono::seconds(30);
    bench.scope.deadline = now + std::chrono::seconds(30);
    CHECK_FALSE(hangs_in(std::chrono::seconds(59)));
    CHECK(hangs_in(std::chrono::seconds(60)));
}

TEST_CASE("a plugin in quarantine is not asked, and its service is unavailable, there and only there") {
    Bench bench;
    CHECK(ask(bench.services, bench.registry.searches, "{}", bench.scope).size() == 1);
    bench.quarantine("atiende", "00002");
    CHECK(ask(bench.services, bench.registry.searches, "{}", bench.scope).size() == 1);
    CHECK(bench.call_service() == CONCEJO_OK);
    bench.quarantine("atiende", "00001");
    bench.seen.clear();
    CHECK(ask(bench.services, bench.registry.searches, "{}", bench.scope).empty());
    CHECK(bench.call_service() == CONCEJO_UNAVAILABLE);
    CHECK(bench.seen.empty());
}
