#include "kernel/tenancy/tenant.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using kernel::tenancy::Tenant;
using kernel::tenancy::Tenants;

namespace {

std::unique_ptr<Tenant> tenant(const std::string& slug, std::vector<std::string> domains) {
    auto made = std::make_unique<Tenant>();
    made->config.slug = slug;
    made->id = slug;
    made->schema = "m_" + slug;
    made->config.domains = std::move(domains);
    return made;
}

std::vector<std::unique_ptr<Tenant>> two(const std::string& host_of_second) {
    std::vector<std::unique_ptr<Tenant>> list;
    list.push_back(tenant("ribera", {"sede.ribera.example", "ribera.example"}));
    list.push_back(tenant("puerto", {host_of_second}));
    return list;
}

}  // namespace

TEST_CASE("a host belongs to the municipality that names it, and only by exact match") {
    const Tenants tenants(two("sede.puerto.example"));
    CHECK(tenants.by_host("ribera.example")->id == "ribera");
    CHECK(tenants.by_host("sede.ribera.example")->id == "ribera");
    CHECK(tenants.by_host("sede.puerto.example")->id == "puerto");
    for (const auto* unknown :
         {"", "example", "xsede.ribera.example", "sede.ribera.example.", "sede.ribera.example:80"})
        CHECK(tenants.by_host(unknown) == nullptr);
}

TEST_CASE("municipalities are found by their file's name and by their id") {
    const Tenants tenants(two("sede.puerto.example"));
    CHECK(tenants.by_slug("puerto") == tenants.by_id("puerto"));
    CHECK(tenants.by_slug("nadie") == nullptr);
    CHECK(tenants.all().size() == 2);
}

TEST_CASE("one host for two municipalities is refused, naming both") {
    try {
        const Tenants tenants(two("ribera.example"));
        FAIL("accepted");
    } catch (const concejo::Error& error) {
        const std::string text = error.what();
        CHECK(text.find("ribera.example") != text.npos);
        CHECK(text.find("puerto") != text.npos);
    }
}
