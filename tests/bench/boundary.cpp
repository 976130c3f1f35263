// The boundary between kernel and plugins beside plain calls, in one run: nanoseconds and ratios. Asserts nothing.
//
//   bench_boundary [rounds]
#include "kernel/base/files.hpp"
#include "kernel/blobs/store.hpp"
#include "kernel/blobs/uploads.hpp"
#include "kernel/crash/here.hpp"
#include "kernel/crash/shared_page.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/metrics/registry.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/loader.hpp"
#include "kernel/process/sandbox.hpp"

#include <fmt/format.h>

#include <dlfcn.h>

#include <algorithm>
#include <functional>

namespace {

namespace fs = std::filesystem;
namespace plugins = kernel::plugins;
using Steady = std::chrono::steady_clock;

constexpr int plugin_count = 12;
constexpr int calls = 200'000;
constexpr const char* built_id = "banco.00";

/// The same file under another id of the same length: its descriptor says who it is.
void copy_as(const fs::path& built, const fs::path& folder, const std::string& id) {
    auto bytes = kernel::base::read_file(built, 64 << 20);
    for (std::size_t at; (at = bytes.find(built_id)) != std::string::npos;) bytes.replace(at, id.size(), id);
    fs::create_directories(folder / id);
    kernel::base::write_file_atomically(folder / id / (id + ".so"), bytes, 0644);
}

std::set<std::string> copies(const fs::path& folder) {
    std::set<std::string> ids;
    for (int i = 1; i <= plugin_count; ++i) {
        const auto id = fmt::format("banco.{:02}", i);
        copy_as(fs::path(BENCH_PLUGINS) / built_id / (std::string(built_id) + ".so"), folder, id);
        ids.insert(id);
    }
    return ids;
}

double milliseconds(Steady::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

/// Median of the rounds, in nanoseconds per call.
template <class F>
double nanoseconds(int rounds, F&& call) {
    std::vector<double> each;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Steady::now();
        for (int i = 0; i < calls; ++i) call();
        each.push_back(milliseconds(Steady::now() - start) * 1e6 / calls);
    }
    std::nth_element(each.begin(), each.begin() + each.size() / 2, each.end());
    return each[each.size() / 2];
}

struct Nothing : plugins::Renderer, plugins::Databases {
    std::string render(plugins::Scope&, const std::string&, concejo::Json, bool) override { return {}; }
    std::string url(const plugins::Scope&, std::string_view, bool) override { return {}; }
    kernel::db::Pool& of(const kernel::tenancy::Tenant&) override {
        throw concejo::Error(concejo::ErrorKind::internal, "no database here");
    }
};

std::vector<std::unique_ptr<kernel::tenancy::Tenant>> one_town() {
    std::vector<std::unique_ptr<kernel::tenancy::Tenant>> towns;
    towns.push_back(std::make_unique<kernel::tenancy::Tenant>());
    towns.back()->id = towns.back()->config.id = towns.back()->config.slug = "banco";
    return towns;
}

void show(const char* what, double ns, double base) {
    fmt::print("  {:<58} {:>9.1f} ns   {:>6.1f} ×\n", what, ns, ns / base);
}

void load_twelve(plugins::Loader& loader, const fs::path& scratch) {
    copies(scratch / "bare");
    auto start = Steady::now();
    for (const auto& plugin : plugins::discover({scratch / "bare"})) {
        if (!::dlopen(plugin.library().c_str(), RTLD_NOW | RTLD_LOCAL))
            throw concejo::Error(concejo::ErrorKind::internal, ::dlerror());
    }
    const auto bare = milliseconds(Steady::now() - start);
    const auto ids = copies(scratch / "checked");
    start = Steady::now();
    const auto refused = loader.load(plugins::discover({scratch / "checked"}), ids);
    const auto checked = milliseconds(Steady::now() - start);
    if (!refused.empty()) throw concejo::Error(concejo::ErrorKind::internal, refused.front().text());
    fmt::print(
        "loading {} plugins\n  bare dlopen {:.1f} ms; found, checked, loaded and started {:.1f} ms   {:.1f} ×\n",
        plugin_count, bare, checked, checked / bare);
}

void call(plugins::Registry& registry, const fs::path& scratch, int rounds) {
    const kernel::config::PlatformConfig platform;
    const kernel::tenancy::Tenants tenants(one_town());
    Nothing nothing;
    kernel::i18n::Catalogs catalogs;
    kernel::blobs::Store blobs(scratch / "blobs");
    kernel::blobs::Uploads uploads(blobs, scratch / "uploads", {});
    kernel::process::SandboxOptions options;
    options.launcher = BENCH_SANDBOX;
    kernel::process::Sandbox sandbox(options);
    plugins::Services services{platform, tenants, registry, nothing, catalogs,
                               blobs,    uploads, sandbox,  nothing};
    const auto& silent = registry.routes[0];
    const auto& replying = registry.routes[1];
    plugins::Scope scope;
    scope.tenant = tenants.all().front().get();
    scope.request_id = "0123456789abcdef";
    scope.deadline = Steady::now() + std::chrono::hours(1);
    concejo_call raw{&services, &scope, silent.plugin};
    const concejo_request request{sizeof request, {"GET", 3}, {"/es/banco", 9}, {}, {"es", 2}};
    concejo_reply reply;
    volatile int sum = 0;
    const std::function<void(int)> plain = [&](int n) { sum = sum + n; };
    const auto through = [&](const plugins::Route& route) {
        return route.handler(route.context, &raw, &request, &reply);
    };

    fmt::print("one call ({} rounds of {})\n", rounds, calls);
    const auto base = nanoseconds(rounds, [&] { plain(1); });
    show("std::function in this program (baseline)", base, base);
    show("into the plugin through its table, and back", nanoseconds(rounds, [&] { through(silent); }), base);
    show("the same, and it calls the host's table once", nanoseconds(rounds, [&] { through(replying); }),
         base);
    show("the same, and it adds to a metric's series that it keeps",
         nanoseconds(rounds, [&] { through(registry.routes[2]); }), base);
    show("the same, and it looks the series up by its labels first",
         nanoseconds(rounds, [&] { through(registry.routes[3]); }), base);
    constexpr kernel::metrics::Family family{"banco_total", kernel::metrics::Kind::counter, "Vueltas"};
    const auto& series = kernel::metrics::here().series(family, {{"tenant", "banco"}});
    show("an increment of the kernel's own: one atomic add", nanoseconds(rounds, [&] { series.add(); }),
         base);
    show("the same, looked up by its name and label first",
         nanoseconds(rounds,
                     [&] {
                         kernel::metrics::here().series(family, {{"tenant", "banco"}}).add();
                     }),
         base);
    const auto entered = [&] { plugins::enter(raw, [&] { return through(replying); }); };
    show("the same behind the host's guard, nobody watching", nanoseconds(rounds, entered), base);
    const kernel::crash::SharedPage page;
    kernel::crash::attach(&page.page());
    show("the same in a worker: the thread's slot is written and restored", nanoseconds(rounds, entered),
         base);
    const auto asked = [&] {
        if (kernel::crash::in_quarantine(silent.plugin_id, "banco")) sum = 0;
    };
    show("whether it is in quarantine", nanoseconds(rounds, asked), base);
    kernel::crash::attach(nullptr);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const kernel::base::TempDir scratch("concejo-bench");
        plugins::Registry registry;
        plugins::Loader loader(registry, {});
        load_twelve(loader, scratch.path());
        call(registry, scratch.path(), argc > 1 ? std::max(1, std::atoi(argv[1])) : 9);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_boundary: {}\n", error.what());
        return 1;
    }
}
