// The fake kernel of the SDK beside the real one: the same services, every function of each table.
#include "kernel/plugins/tables.hpp"

#include <concejo/plugin.hpp>
#include <concejo/testing/fake_kernel.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <set>

namespace {
struct Nothing {
    explicit Nothing(concejo::Kernel&) {}
};
}  // namespace
CONCEJO_PLUGIN(Nothing, "es.prueba.nada", "1.0.0", "", "", "")

using concejo::testing::FakeKernel;

TEST_CASE("the fake kernel offers what the kernel offers") {
    std::set<std::string> fake, real;
    for (const auto& [name, table] : FakeKernel::services()) fake.emplace(name);
    for (const auto& name : kernel::plugins::table_names()) real.insert(name);
    CHECK(fake == real);
}

TEST_CASE("no function of a fake table is missing") {
    for (const auto& [name, table] : FakeKernel::services()) {
        // Each is `uint32_t size`, padding, and pointers to functions up to that size.
        std::uint32_t size = 0;
        std::memcpy(&size, table, sizeof size);
        INFO(name);
        REQUIRE(size % sizeof(void*) == 0);
        for (std::size_t at = sizeof(void*); at < size; at += sizeof(void*)) {
            void* function = nullptr;
            std::memcpy(&function, static_cast<const char*>(table) + at, sizeof function);
            INFO("function " << at / sizeof(void*));
            CHECK(function != nullptr);
        }
    }
}
