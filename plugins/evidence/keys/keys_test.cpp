#include "plugins/evidence/testing/workspace.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <sys/stat.h>

using namespace evidence;
using evidence::testing::Pki;
using evidence::testing::Workspace;

TEST_CASE("openssl accepts the development hierarchy, and each certificate for what it is") {
    const auto& pki = Pki::get();
    const Workspace work;
    const auto verify = [&](const std::string& options, const std::string& name) {
        return work.run("openssl verify " + options + " -CAfile " + pki.path("raiz.pem").string() +
                        " -untrusted " + pki.path("ca.pem").string() + " " + pki.path(name).string());
    };
    CHECK(verify("-x509_strict", "sello.pem").code == 0);
    CHECK(verify("-x509_strict", "empleado.pem").code == 0);
    CHECK(verify("-x509_strict -purpose timestampsign", "tsa.pem").code == 0);
    CHECK(verify("-x509_strict -purpose ocsphelper", "ocsp.pem").code == 0);
    CHECK(verify("-purpose timestampsign", "sello.pem").code != 0);
    CHECK(work.run("openssl x509 -noout -subject -nameopt RFC2253,-esc_msb -in " +
                   pki.path("sello.pem").string())
              .says("organizationIdentifier=VATES-P0000000A"));
    for (const auto* name : {"raiz.key", "ca.key", "sello.key", "sello.pem", "cadena.pem"}) {
        struct stat info {};
        REQUIRE(stat(pki.path(name).c_str(), &info) == 0);
        CHECK((info.st_mode & 0777) == 0600);
    }
    CHECK_THROWS_AS(keys::make_development_pki(pki.path(""), {"Otro", "X", "", "", ""}), concejo::Error);
}

TEST_CASE("openssl finds nobody revoked by the lists of the development hierarchy, and takes no other's") {
    const auto& pki = Pki::get();
    const Workspace work;
    work.run("cat " + pki.path("raiz.crl").string() + " " + pki.path("ca.crl").string() + " > todas.crl");
    const auto verify = [&](const std::string& lists) {
        return work.run("openssl verify -x509_strict -crl_check_all -CRLfile " + lists + " -CAfile " +
                        pki.path("raiz.pem").string() + " -untrusted " + pki.path("ca.pem").string() + " " +
                        pki.path("sello.pem").string());
    };
    CHECK(verify("todas.crl").code == 0);
    CHECK(verify(pki.path("raiz.crl").string()).says("unable to get certificate CRL"));
    CHECK(work.run("openssl crl -noout -text -in todas.crl").says("No Revoked Certificates"));
}

TEST_CASE("openssl verifies what the keys sign, RSA and EC") {
    const auto& pki = Pki::get();
    const Workspace work;
    testing::write(work / "text", "edicto");
    for (const auto* name : {"sello", "empleado"}) {
        const auto key = pki.key(name);
        CHECK(key.development());
        CHECK(key.chain().size() == 2);
        testing::write(work / "signature", key.sign("edicto"));
        CHECK(work.run("openssl x509 -pubkey -noout -in " + pki.path(std::string(name) + ".pem").string() +
                       " > pub && openssl dgst -sha256 -verify pub -signature signature text")
                  .says("Verified OK"));
    }
}

TEST_CASE("a key comes from PEM with a password and from PKCS#12, and says when it does not") {
    const auto& pki = Pki::get();
    const Workspace work;
    const auto sello = pki.path("sello.key").string();
    REQUIRE(work.run("openssl pkey -in " + sello +
                     " -aes256 -passout pass:secreta -out locked.key && openssl pkcs12 -export -inkey " +
                     sello + " -in " + pki.path("sello.pem").string() + " -certfile " +
                     pki.path("cadena.pem").string() + " -passout pass:secreta -out sello.p12")
                .code == 0);
    const auto locked = testing::read(work / "locked.key"), box = testing::read(work / "sello.p12");
    const auto certificates = pki.text("sello.pem") + pki.text("cadena.pem");
    CHECK_NOTHROW(keys::from_pem(locked, certificates, "secreta"));
    CHECK_THROWS_AS(keys::from_pem(locked, certificates, "otra"), concejo::Error);
    CHECK_THROWS_AS(keys::from_pem(locked, certificates), concejo::Error);
    CHECK_THROWS_AS(keys::from_pem(pki.text("empleado.key"), certificates), concejo::Error);
    const auto key = keys::from_pkcs12(box, "secreta");
    CHECK(crypto::common_name(key.certificate()) == "SELLO DE DESARROLLO");
    CHECK(key.chain().size() == 2);
    CHECK_THROWS_AS(keys::from_pkcs12(box, "otra"), concejo::Error);
    CHECK_THROWS_AS(keys::from_pkcs12("PK", "secreta"), concejo::Error);
}

TEST_CASE("a key of a PKCS#11 token signs without leaving it") {
    const std::string module = "/usr/lib/softhsm/libsofthsm2.so";
    if (!std::filesystem::exists(module)) {
        WARN("sin SoftHSM2: se omite la clave PKCS#11");
        return;
    }
    const auto& pki = Pki::get();
    const Workspace work;
    std::filesystem::create_directory(work / "tokens");
    testing::write(work / "softhsm.conf",
                   "directories.tokendir = " + (work / "tokens").string() + "\nobjectstore.backend = file\n");
    setenv("SOFTHSM2_CONF", (work / "softhsm.conf").c_str(), 1);
    const auto made = work.run(
        "softhsm2-util --init-token --free --label sello --so-pin 12345678 --pin \"98;7/6\" && "
        "openssl pkcs8 -topk8 -nocrypt -in " +
        pki.path("sello.key").string() +
        " -out key.p8 && "
        "softhsm2-util --import key.p8 --token sello --label organo --id 01 --pin \"98;7/6\" && "
        "openssl x509 -in " +
        pki.path("sello.pem").string() +
        " -outform DER -out sello.der && "
        "pkcs11-tool --module " +
        module +
        " --token-label sello --login --pin \"98;7/6\" --write-object sello.der --type cert --id 01 --label "
        "organo");
    INFO(made.output);
    REQUIRE(made.code == 0);
    const keys::Token token{module, "pkcs11:token=sello;object=organo", "98;7/6", {}};
    auto with_certificates = token;
    with_certificates.certificates = pki.text("sello.pem") + pki.text("cadena.pem");
    testing::write(work / "text", "edicto");
    for (const auto& source : {token, with_certificates}) {
        const auto key = keys::from_pkcs11(source);
        testing::write(work / "signature", key.sign("edicto"));
        CHECK(crypto::common_name(key.certificate()) == "SELLO DE DESARROLLO");
        CHECK(work.run("openssl x509 -pubkey -noout -in sello.der > pub && openssl dgst -sha256 -verify pub "
                       "-signature signature text")
                  .says("Verified OK"));
    }
    auto wrong = token;
    wrong.address = "pkcs11:token=sello;object=otra";
    CHECK_THROWS_AS(keys::from_pkcs11(wrong), concejo::Error);
    wrong.address = "pkcs11:token=sello;object=organo;pin-value=1";
    CHECK_THROWS_AS(keys::from_pkcs11(wrong), concejo::Error);
    wrong = token, wrong.module = "/nonexistent.so";
    CHECK_THROWS_AS(keys::from_pkcs11(wrong), concejo::Error);
}
