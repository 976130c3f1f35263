// The fake kernel's metrics: what abi_metrics.h promises of them.
#include <concejo/plugin.hpp>
#include <concejo/testing/fake_kernel.hpp>

#include <catch2/catch.hpp>

using Catch::Contains;
using concejo::testing::FakeKernel;

namespace {

std::function<void(concejo::Kernel&)> beginning;

struct Counting {
    explicit Counting(concejo::Kernel& kernel) { beginning(kernel); }
};

struct CountingEntry {
    concejo_descriptor descriptor{};
    concejo_plugin plugin{sizeof(concejo_plugin), &descriptor, &concejo::detail::start<Counting>,
                          &concejo::detail::stop<Counting>};
    CountingEntry() { std::snprintf(descriptor.id, sizeof descriptor.id, "es.cuenta"); }
};

/// What starting with this leads to; empty where it starts.
std::string started(std::function<void(concejo::Kernel&)> with) {
    beginning = std::move(with);
    const CountingEntry entry;
    try {
        const FakeKernel kernel({.plugin = &entry.plugin});
        return {};
    } catch (const concejo::Error& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("a test sees what its plugin counted") {
    beginning = [](concejo::Kernel& kernel) {
        const auto seen = kernel.metrics().counter("vistas_total", "Vistas", {"clase"});
        const auto heat = kernel.metrics().gauge("calor", "Calor");
        const auto wait = kernel.metrics().histogram("espera_seconds", "Espera", {0.1, 1});
        kernel.page("/uno", [=](const concejo::Request& request, concejo::Reply&) {
            seen.add(request, {"una"});
            seen.of_all({"otra"}).add(2);
            heat.set(request, {}, 21.5);
            wait.observe(request, {}, 0.3);
            wait.observe(request, {}, 3);
        });
        kernel.page("/mal", [=](const concejo::Request& request, concejo::Reply&) { seen.add(request); });
    };
    const CountingEntry entry;
    FakeKernel kernel({.plugin = &entry.plugin});
    CHECK(kernel.get("/es/uno").send().error.empty());
    CHECK(kernel.metric("vistas_total", {"una"}) == 1);
    CHECK(kernel.metric("vistas_total", {"otra"}) == 2);
    CHECK(kernel.metric("vistas_total", {"ninguna"}) == 0);
    CHECK(kernel.metric("calor") == 21.5);
    CHECK(kernel.metric("espera_seconds") == 2);
    CHECK_THAT(kernel.get("/es/mal").send().error, Contains("se esperaban 1 valores"));
    CHECK_THROWS_AS(kernel.metric("otra_total"), concejo::Error);
}

TEST_CASE("names that the kernel would refuse are refused in the test as well") {
    CHECK_THAT(started([](auto& kernel) { kernel.metrics().counter("vistas", "x"); }), Contains("_total"));
    CHECK_THAT(started([](auto& kernel) { kernel.metrics().gauge("calor", "x", {"tenant"}); }),
               Contains("la pone el núcleo"));
    CHECK_THAT(started([](auto& kernel) {
                   kernel.metrics().gauge("calor", "x");
                   kernel.metrics().gauge("calor", "x");
               }),
               Contains("ya está declarada"));
    CHECK(started([](auto& kernel) { kernel.metrics().gauge("calor", "x"); }).empty());
}
