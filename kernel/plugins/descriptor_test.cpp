#include "kernel/plugins/descriptor.hpp"

#include <catch2/catch.hpp>

using kernel::plugins::check_descriptor;

namespace {

std::vector<std::string> told(const std::string& id, const std::string& service) {
    kernel::plugins::Descriptor d;
    d.raw.abi_major = CONCEJO_ABI_MAJOR, d.raw.abi_minor = CONCEJO_ABI_MINOR;
    d.raw.size = sizeof d.raw;
    d.platform = CONCEJO_ABI_PLATFORM, d.id = id, d.provides = {service};
    return check_descriptor(d, id, {});
}

}  // namespace

TEST_CASE("services without a dot in their name are the house's, also those that are still to come") {
    for (const char* own : {"es.riomar.buzon:1", "es.riomar.buzon.avisos:2"})
        CHECK(told("es.riomar.buzon", own).empty());
    for (const char* of_others : {"registro:1", "evidence:1", "es.riomar.buzonero:1", "es.riomar:1"}) {
        const auto problems = told("es.riomar.buzon", of_others);
        REQUIRE(problems.size() == 1);
        CHECK_THAT(problems[0], Catch::Contains(of_others));
    }
    CHECK(told("registro", "registro:1").empty());
}
