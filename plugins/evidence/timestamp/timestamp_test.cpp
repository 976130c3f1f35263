#include "plugins/evidence/testing/stamping.hpp"
#include "tests/support/whole_run.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace evidence;
using evidence::testing::Pki;
using evidence::testing::Workspace;
using timestamp::Authority;
using timestamp::Client;

namespace {

using testing::authority;

/// A real authority that is not ours: openssl ts, over the same PKI.
std::string openssl_reply(const Workspace& work, const std::string& request,
                          const std::string& policy = "1.2.3.4.1") {
    testing::write(work / "q.tsq", request);
    testing::write(work / "serial", "01");
    testing::write(work / "tsa.cnf",
                   "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4."
                   "1\nother_policies=1.2.3.4.2\n"
                   "digests=sha256\naccuracy=secs:1\nordering=yes\ntsa_name=yes\ness_cert_id_chain=no\ness_"
                   "cert_id_alg=sha256\n");
    const auto made = work.run(
        "openssl ts -reply -config tsa.cnf -queryfile q.tsq -signer " + Pki::get().path("tsa.pem").string() +
        " -inkey " + Pki::get().path("tsa.key").string() + " -chain " +
        Pki::get().path("cadena.pem").string() + " -tspolicy " + policy + " -out r.tsr");
    if (made.code != 0) throw std::runtime_error(made.output);
    return testing::read(work / "r.tsr");
}

}  // namespace

TEST_CASE("openssl ts verifies the marks of the development authority") {
    const Workspace work;
    testing::write(work / "text", "edicto");
    const auto request = timestamp::make_request(crypto::sha256("edicto"));
    testing::write(work / "q.tsq", request.der);
    testing::write(work / "r.tsr", authority().answer(request.der));
    const auto verify = [&](const std::string& what) {
        return work.run("openssl ts -verify " + what + " -in r.tsr -CAfile " +
                        Pki::get().path("raiz.pem").string());
    };
    CHECK(verify("-data text").says("Verification: OK"));
    CHECK(verify("-queryfile q.tsq").says("Verification: OK"));
    testing::write(work / "text", "edictO");
    CHECK(verify("-data text").says("message imprint mismatch"));
}

TEST_CASE(
    "the development authority answers openssl's own requests, and refuses nonsense in RFC 3161's words") {
    const Workspace work;
    testing::write(work / "text", "edicto");
    REQUIRE(work.run("openssl ts -query -data text -sha512 -cert -out q.tsq").code == 0);
    testing::write(work / "r.tsr", authority().answer(testing::read(work / "q.tsq")));
    CHECK(work.run("openssl ts -verify -queryfile q.tsq -in r.tsr -CAfile " +
                   Pki::get().path("raiz.pem").string())
              .says("Verification: OK"));
    testing::write(work / "r.tsr", authority().answer("nonsense"));
    CHECK(work.run("openssl ts -reply -in r.tsr -text").says("Rejected"));
    CHECK_THROWS_AS(
        timestamp::DevelopmentAuthority(
            crypto::share(const_cast<X509*>(&Pki::get().key("sello").certificate())), crypto::Key(), {}),
        concejo::Error);
}

TEST_CASE("an answer is taken only if it is the one to the question") {
    const Workspace work;
    const auto request = timestamp::make_request(crypto::sha256("edicto"), "1.2.3.4.2");
    const auto answer = openssl_reply(work, request.der, "1.2.3.4.2");
    const auto token = timestamp::accept(request, answer);
    CHECK(token.policy == "1.2.3.4.2");
    CHECK(token.accuracy == std::chrono::seconds(1));
    CHECK(std::chrono::abs(token.time - crypto::now()) < std::chrono::minutes(1));
    auto other = request;
    SECTION("nonce") { other.nonce = "4000000000000000"; }
    SECTION("imprint") { other.imprint = crypto::view(crypto::sha256("otro")); }
    SECTION("policy") { other.policy = "1.2.3.4.1"; }
    CHECK_THROWS_AS(timestamp::accept(other, answer), concejo::Error);
    CHECK_THROWS_AS(timestamp::accept(request, authority().answer("nonsense")), concejo::Error);
    CHECK_THROWS_AS(timestamp::accept(request, ""), concejo::Error);
}

TEST_CASE("a token is checked up to the roots: imprint, signature, kind of certificate, chain and time") {
    const auto request = timestamp::make_request(crypto::sha256("edicto"));
    const auto token = timestamp::accept(request, authority().answer(request.der));
    const auto roots = Pki::get().roots();
    const auto now = crypto::now();
    CHECK(timestamp::check_token(token, request.imprint, {}, roots, now).good());
    CHECK(timestamp::check_token(token, crypto::view(crypto::sha256("otro")), {}, roots, now).problem ==
          "imprint_mismatch");
    CHECK(timestamp::check_token(token, request.imprint, {}, {}, now).problem == "chain");
    CHECK(timestamp::check_token(token, request.imprint, {}, roots, now + std::chrono::hours(24 * 365 * 20))
              .problem == "chain");
    auto broken = token;
    broken.der.back() = static_cast<char>(broken.der.back() ^ 1);
    CHECK(timestamp::check_token(broken, request.imprint, {}, roots, now).problem == "signature_invalid");
    CHECK(crypto::common_name(*timestamp::token_certificates(token).front()) == "TSA DE DESARROLLO");
}

TEST_CASE("when an authority fails the next one answers, and the one that failed rests") {
    const Workspace work;
    std::vector<std::string> asked;
    const auto transport = [&](const std::string& address, const std::string& request) -> std::string {
        asked.push_back(address);
        if (address == "a") throw std::runtime_error("no contesta");
        if (address == "b") return "<html>";
        return authority().answer(request);
    };
    Client client({{"A", "a", {}}, {"B", "b", {}}, {"C", "c", {}}}, Pki::get().roots());
    const auto first = client.stamp(crypto::sha256("edicto"), transport);
    CHECK(first.authority == "C");
    CHECK(first.failures.size() == 2);
    CHECK(asked == std::vector<std::string>{"a", "b", "c"});
    CHECK(client.stamp(crypto::sha256("otro"), transport).authority == "C");
    CHECK(asked.back() == "c");
    CHECK(asked.size() == 4);
    Client none({{"A", "a", {}}, {"B", "b", {}}}, Pki::get().roots());
    CHECK_THROWS_WITH(none.stamp(crypto::sha256("x"), transport),
                      Catch::Contains("A: no contesta") && Catch::Contains("B: "));
    Client untrusted({{"C", "c", {}}}, {});
    CHECK_THROWS_AS(untrusted.stamp(crypto::sha256("x"), transport), concejo::Error);
}

TEST_CASE("mutated tokens and answers never crash") {
    const auto request = timestamp::make_request(crypto::sha256("edicto"));
    const auto answer = authority().answer(request.der);
    const auto roots = Pki::get().roots();
    unsigned seed = 1;
    for (std::size_t i = 0; i < answer.size(); i += tests::whole_run() ? 1 : 5) {
        auto mutated = answer;
        seed = seed * 1664525u + 1013904223u;
        mutated[i] = static_cast<char>(mutated[i] ^ (1 + (seed >> 24) % 255));
        try {
            const auto token = timestamp::accept(request, mutated);
            timestamp::check_token(token, request.imprint, {}, roots, crypto::now());
        } catch (const concejo::Error&) {
        }
        try {
            timestamp::accept(request, std::string_view(answer).substr(0, i));
        } catch (const concejo::Error&) {
        }
    }
    SUCCEED();
}
