#include "plugins/evidence/crypto/cms.hpp"
#include "plugins/evidence/signature/material_json.hpp"
#include "plugins/evidence/testing/revocation_servers.hpp"
#include "plugins/evidence/testing/stamping.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace evidence;
using evidence::testing::Pki;
using evidence::testing::Workspace;

namespace {

const std::string text = "El Pleno aprueba el edicto.";

tests::Outcome verify(const Workspace& work, const std::string& cms) {
    testing::write(work / "text", text);
    testing::write(work / "signature.p7s", cms);
    return work.run(
        "openssl cms -verify -cades -binary -inform DER -in signature.p7s -content text -purpose any -out "
        "out -CAfile " +
        Pki::get().path("raiz.pem").string());
}

std::string sign(const std::string& name, const signature::CadesOptions& options = {}) {
    const auto key = Pki::get().key(name);
    const auto prepared = signature::prepare_cades(crypto::sha256(text), key.certificate(), options);
    return signature::finish_cades(prepared, key.sign(prepared.to_sign), key.chain());
}

}  // namespace

TEST_CASE("openssl verifies CAdES of RSA and EC keys, with and without the AGE's policy") {
    const Workspace work;
    for (const auto* name : {"sello", "empleado"}) {
        const auto plain = verify(work, sign(name));
        INFO(plain.output);
        CHECK(plain.says("CAdES Verification successful"));
        CHECK(plain.code == 0);
        signature::CadesOptions options;
        options.policy = signature::age_policy();
        const auto cms = sign(name, options);
        CHECK(verify(work, cms).code == 0);
        CHECK(work.run("openssl cms -cmsout -print -inform DER -in signature.p7s")
                  .says("id-smime-aa-ets-sigPolicyId"));
        CHECK(work.run("openssl asn1parse -inform DER -in signature.p7s").says("sede.administracion.gob.es"));
    }
    testing::write(work / "text", "otro");
    CHECK(work.run("openssl cms -verify -cades -binary -inform DER -in signature.p7s -content text -purpose "
                   "any -out out -CAfile " +
                   Pki::get().path("raiz.pem").string())
              .code != 0);
}

TEST_CASE("a signature that is not the certificate's, or of other bytes, is refused") {
    const auto seal = Pki::get().key("sello"), person = Pki::get().key("empleado");
    const auto prepared = signature::prepare_cades(crypto::sha256(text), seal.certificate());
    CHECK_THROWS_AS(signature::finish_cades(prepared, person.sign(prepared.to_sign), {}), concejo::Error);
    CHECK_THROWS_AS(signature::finish_cades(prepared, seal.sign("otra cosa"), {}), concejo::Error);
    CHECK_THROWS_AS(signature::finish_cades(prepared, "", {}), concejo::Error);
    CHECK_THROWS_AS(signature::with_timestamp("nonsense", ""), concejo::Error);
}

TEST_CASE("openssl ts verifies the timestamp of a CAdES-T, and openssl cms the signature that carries it") {
    const Workspace work;
    const auto cms = sign("sello");
    const auto stamped = signature::with_timestamp(cms, testing::stamp(signature::signature_imprint(cms)));
    CHECK(verify(work, stamped).code == 0);
    const auto parsed = crypto::parse_cms(stamped);
    REQUIRE(parsed);
    auto* signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(parsed.get()), 0);
    testing::write(work / "value", crypto::bytes_of(CMS_SignerInfo_get0_signature(signer)));
    testing::write(work / "token", *crypto::unsigned_attribute(*signer, "1.2.840.113549.1.9.16.2.14"));
    CHECK(work.run("openssl ts -verify -data value -in token -token_in -CAfile " +
                   Pki::get().path("raiz.pem").string())
              .says("Verification: OK"));
}

TEST_CASE("what a CAdES-LT carries is what openssl's servers said, and openssl still verifies it") {
    const Workspace work;
    testing::RevocationServers servers;
    const auto fetch = [&](const std::string& address, const std::string& request) {
        return servers(address, request);
    };
    const auto cms = sign("sello");
    const auto stamped = signature::with_timestamp(cms, testing::stamp(signature::signature_imprint(cms)));
    const auto material = signature::collect(stamped, {}, Pki::get().roots(), fetch);
    for (const auto& missing : material.missing) UNSCOPED_INFO(missing);
    CHECK(material.missing.empty());
    const auto long_term = signature::with_material(stamped, material);
    CHECK(verify(work, long_term).code == 0);
    CHECK(work.run("openssl asn1parse -inform DER -in signature.p7s").says("1.3.6.1.5.5.7.16.2"));
    const auto imprint = signature::archive_imprint(long_term, crypto::sha256(text));
    const auto archived =
        signature::with_archive_timestamp(long_term, testing::stamp(imprint.imprint), imprint);
    CHECK(verify(work, archived).code == 0);
    const auto kept = signature::material_from(concejo::Json::parse(signature::to_json(material).dump()));
    CHECK(signature::with_material(stamped, kept) == long_term);
    servers.ocsp = servers.crl = false;
    const auto without = signature::collect(stamped, {}, Pki::get().roots(), fetch);
    CHECK_FALSE(without.missing.empty());
    CHECK(signature::material_from(signature::to_json(without)).missing == without.missing);
    CHECK(signature::collect(stamped, {}, Pki::get().roots(), fetch, material.revocation)
              .missing.empty());  // it is at hand
}
