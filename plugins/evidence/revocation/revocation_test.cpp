#include "plugins/evidence/revocation/revocation.hpp"
#include "plugins/evidence/testing/revocation_servers.hpp"

#include <catch2/catch.hpp>

using namespace evidence;
using evidence::testing::Pki;
using evidence::testing::RevocationServers;
using revocation::State;

namespace {

crypto::Certificates chain_of(const std::string& name) {
    const auto key = Pki::get().key(name);
    crypto::Certificates chain;
    chain.push_back(crypto::share(const_cast<X509*>(&key.certificate())));
    for (auto& one : crypto::share(key.chain())) chain.push_back(std::move(one));
    return chain;
}

revocation::Fetch fetch(RevocationServers& servers) {
    return [&](const std::string& address, const std::string& request) { return servers(address, request); };
}

}  // namespace

TEST_CASE("openssl's responder and lists say who is good and who is not, and since when") {
    RevocationServers servers({"empleado"}, "260601000000Z");
    const bool by_ocsp = GENERATE(true, false);
    servers.ocsp = by_ocsp;
    for (const auto* name : {"sello", "empleado"}) {
        const auto chain = chain_of(name);
        revocation::Data data;
        const auto failures = revocation::gather(chain, data, fetch(servers));
        CHECK(failures.empty() == by_ocsp);
        const auto now = revocation::status(*chain[0], *chain[1], data, crypto::now());
        CHECK(now.source == (by_ocsp ? "ocsp" : "crl"));
        CHECK(now.state == (std::string(name) == "sello" ? State::good : State::revoked));
        const auto before = crypto::parse_generalized("20260501000000Z");
        CHECK(revocation::status(*chain[0], *chain[1], data, before).state == State::good);
        // Too late: the data had ended.
        CHECK(revocation::status(*chain[0], *chain[1], data, crypto::now() + std::chrono::hours(24 * 60))
                  .state == State::unknown);
        CHECK(revocation::status(*chain[1], *chain[2], data, crypto::now()).state == State::good);
    }
}

TEST_CASE("answers of others, for others, or broken say nothing") {
    RevocationServers servers;
    const auto chain = chain_of("sello"), other = chain_of("empleado");
    revocation::Data data;
    revocation::gather(chain, data, fetch(servers));
    REQUIRE(data.ocsps.size() == 1);
    CHECK(revocation::status(*other[0], *other[1], data, crypto::now()).state == State::unknown);
    CHECK(revocation::status(*chain[0], *chain[2], data, crypto::now()).state == State::unknown);
    const auto whole = data.ocsps.front();
    unsigned seed = 7;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        seed = seed * 1664525u + 1013904223u;
        auto broken = whole;
        broken[i] = static_cast<char>(broken[i] ^ (1 + (seed >> 24) % 255));
        revocation::Data one{{broken, whole.substr(0, i)}, {broken}};
        const auto status = revocation::status(*chain[0], *chain[1], one, crypto::now());
        CHECK(status.state != State::revoked);
    }
    servers.ocsp = servers.crl = false;
    revocation::Data none;
    CHECK(revocation::gather(chain, none, fetch(servers)).size() >= 2);
}
