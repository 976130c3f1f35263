#include "plugins/evidence/validation/xml.hpp"
#include "plugins/evidence/signature/xades.hpp"
#include "plugins/evidence/signature/xades_long_term.hpp"
#include "plugins/evidence/testing/revocation_servers.hpp"
#include "plugins/evidence/testing/stamping.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

using namespace evidence;
using evidence::testing::Pki;
using evidence::testing::Workspace;
using validation::Verdict;

namespace {

const std::string text =
    R"(<?xml version="1.0"?><e:documento xmlns:e="urn:e"><e:contenido Id="CONTENIDO1">edicto &amp; más</e:contenido>)"
    R"(<e:metadatos Id="METADATOS1">EE01</e:metadatos><e:firmas/></e:documento>)";

signature::XadesPrepared prepare(const Pki& pki, const std::string& name, signature::XadesOptions options) {
    const auto key = pki.key(name);
    return signature::prepare_xades(text, key.certificate(), key.chain(), options);
}

signature::XadesOptions parts() {
    return {{"CONTENIDO1", "METADATOS1"}, "firmas", crypto::now(), signature::age_policy()};
}

validation::Options trusting(const Pki& pki) {
    validation::Options options;
    options.roots = pki.roots();
    options.timestamp_roots = Pki::get().roots();
    options.require_revocation = false;
    return options;
}

tests::Outcome xmlsec(const Workspace& work, const Pki& pki, const std::string& xml) {
    testing::write(work / "x.xml", xml);
    return work.run("xmlsec1 --verify --trusted-pem " + pki.path("raiz.pem").string() + " --untrusted-pem " +
                    pki.path("ca.pem").string() +
                    " --id-attr:Id urn:e:contenido --id-attr:Id urn:e:metadatos --id-attr:Id "
                    "http://uri.etsi.org/01903/v1.3.2#:SignedProperties x.xml");
}

}  // namespace

TEST_CASE("xmlsec1 verifies XAdES of RSA and EC, enveloped and over parts, and so does the validator") {
    const Workspace work;
    const auto& pki = Pki::plain();
    for (const auto* name : {"sello", "empleado"})
        for (const auto& options : {parts(), signature::XadesOptions{{}, "", crypto::now(), std::nullopt}}) {
            const auto prepared = prepare(pki, name, options);
            const auto xml = signature::finish_xades(prepared, pki.key(name).sign(prepared.to_sign));
            const auto said = xmlsec(work, pki, xml);
            INFO(said.output << xml);
            CHECK(said.code == 0);
            const auto report = validation::validate_xml(xml, trusting(pki));
            INFO(validation::to_json(report).dump(true));
            CHECK(report.verdict == Verdict::passed);
            REQUIRE(report.signatures.size() == 1);
            CHECK(report.signatures[0].covers.size() == (options.ids.empty() ? 1 : 2));
            auto other = xml;
            other.replace(other.find("edicto"), 6, "EDICTO");
            CHECK(xmlsec(work, pki, other).code != 0);
            CHECK(validation::validate_xml(other, trusting(pki)).verdict == Verdict::failed);
        }
}

TEST_CASE(
    "what an XAdES says of itself satisfies ETSI's schema, and tells the format of all that is signed") {
    const auto schema = testing::conformance("eni/xsd-deps/XAdES01903v132-202407.xsd");
    if (schema.empty()) {
        WARN("sin CONCEJO_CONFORMANCE: se omite el esquema de ETSI");
        return;
    }
    const Workspace work;
    // a subset that xmllint prints has lost the names of its spaces
    testing::write(work / "look.py", R"(from lxml import etree
root = etree.parse("x.xml").getroot()
name = "{http://uri.etsi.org/01903/v1.3.2#}"
properties = next(root.iter(name + "QualifyingProperties"))
open("q.xml", "wb").write(etree.tostring(properties, with_tail=False))
signed = [r.get("Id") for r in root.iter("{http://www.w3.org/2000/09/xmldsig#}Reference") if r.get("Type") is None]
told = [f.get("ObjectReference")[1:] for f in root.iter(name + "DataObjectFormat") if f.findtext(name + "MimeType")]
print("things", len(signed), "told" if sorted(signed) == sorted(told) else "not told")
)");
    const auto look =
        "/usr/bin/python3 look.py && XML_CATALOG_FILES=" + testing::conformance("eni/catalog.xml").string() +
        " xmllint --nonet --noout --schema " + schema.string() + " q.xml";
    const auto& pki = Pki::plain();
    for (const auto& options : {parts(), signature::XadesOptions{{}, "", crypto::now(), std::nullopt}}) {
        const auto prepared = prepare(pki, "sello", options);
        testing::write(work / "x.xml",
                       signature::finish_xades(prepared, pki.key("sello").sign(prepared.to_sign)));
        const auto said = work.run(look);
        INFO(said.output);
        CHECK(said.code == 0);
        CHECK(said.says(options.ids.empty() ? "things 1 told" : "things 2 told"));
    }
}

TEST_CASE(
    "a timestamp over an XML signature proves when it was made, and openssl ts agrees with its imprint") {
    const auto& pki = Pki::plain();
    const auto prepared = prepare(pki, "sello", parts());
    const auto xml = signature::finish_xades(prepared, pki.key("sello").sign(prepared.to_sign));
    const auto stamped = signature::xades_with_timestamp(
        xml, prepared.id, testing::stamp(signature::xades_imprint(xml, prepared.id)));
    const Workspace work;
    CHECK(xmlsec(work, pki, stamped).code == 0);
    auto options = trusting(pki);
    auto report = validation::validate_xml(stamped, options);
    REQUIRE(report.signatures.size() == 1);
    CHECK(report.signatures[0].level == "B-T");
    CHECK(report.verdict == Verdict::passed);
    const auto wrong =
        signature::xades_with_timestamp(xml, prepared.id, testing::stamp(crypto::sha256("otra cosa")));
    CHECK(validation::validate_xml(wrong, options).verdict == Verdict::failed);
    CHECK_THROWS_AS(signature::xades_with_timestamp(stamped, prepared.id, "x"), concejo::Error);
}

TEST_CASE(
    "long-term XAdES are checked with nobody to ask; others agree with what is stamped and how it is written") {
    testing::RevocationServers servers;
    const auto fetch = [&](const std::string& a, const std::string& r) { return servers(a, r); };
    const auto& pki = Pki::get();
    validation::Options options;
    options.roots = pki.roots();
    const auto judged = [&](const std::string& xml) { return validation::validate_xml(xml, options); };
    for (const auto& asked : {parts(), signature::XadesOptions{{}, "", crypto::now(), std::nullopt}}) {
        const auto prepared = prepare(pki, "sello", asked);
        const auto& id = prepared.id;
        auto xml = signature::finish_xades(prepared, pki.key("sello").sign(prepared.to_sign));
        CHECK_THROWS_AS(signature::collect_xades(xml, id, {}, pki.roots(), fetch), concejo::Error);
        xml = signature::xades_with_timestamp(xml, id, testing::stamp(signature::xades_imprint(xml, id)));
        CHECK(judged(xml).verdict == Verdict::indeterminate);
        const auto material = signature::collect_xades(xml, id, {}, pki.roots(), fetch);
        CHECK(material.signer.missing.empty());
        CHECK(material.authority.missing.empty());
        CHECK_THROWS_AS(signature::xades_with_archive_timestamp(xml, id, "x"), concejo::Error);
        xml = signature::xades_with_material(xml, id, material);
        auto report = judged(xml);
        INFO(validation::to_json(report).dump(true));
        CHECK(report.verdict == Verdict::passed);
        CHECK(report.signatures.at(0).level == "B-LT");
        CHECK_THROWS_AS(signature::xades_with_material(xml, id, material), concejo::Error);
        const auto wrong =
            signature::xades_with_archive_timestamp(xml, id, testing::stamp(crypto::sha256("otra")));
        CHECK(judged(wrong).verdict == Verdict::failed);
        for (int i = 0; i < 2; ++i)  // the second one renews the first
            xml = signature::xades_with_archive_timestamp(
                xml, id, testing::stamp(signature::xades_archive_imprint(xml, id)));
        report = judged(xml);
        INFO(validation::to_json(report).dump(true));
        CHECK(report.verdict == Verdict::passed);
        CHECK(report.signatures.at(0).level == "B-LTA");
        CHECK(report.signatures.at(0).timestamps.size() == 3);

        const Workspace work;
        CHECK(xmlsec(work, pki, xml).code == 0);
        const auto told = work.run("/usr/bin/python3 " CONCEJO_SOURCE_DIR
                                   "/plugins/evidence/validation/xades_judge.py x.xml signature.xml");
        INFO(told.output);
        REQUIRE(told.code == 0);
        std::istringstream lines(told.output);
        int stamps = 0;
        for (std::string digest; lines >> digest;) {
            const auto verified =
                work.run("openssl ts -verify -digest " + digest + " -token_in -in " +
                         std::to_string(++stamps) + ".tst -CAfile " + pki.path("raiz.pem").string() +
                         " -untrusted " + pki.path("ca.pem").string());
            INFO(verified.output);
            CHECK(verified.code == 0);
        }
        CHECK(stamps == 2);
        if (const auto schemas = testing::conformance("eni/xsd-deps/XAdES01903v141-202407.xsd");
            schemas.empty()) {
            WARN("sin CONCEJO_CONFORMANCE: se omiten los esquemas de XAdES");
        } else {
            const auto folder = schemas.parent_path().string() + "/";
            testing::write(
                work / "catalog.xml",
                "<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'>"
                "<uri name='http://www.w3.org/TR/2008/REC-xmldsig-core-20080610/xmldsig-core-schema.xsd' uri='" +
                    folder +
                    "xmldsig-core-schema.xsd'/>"
                    "<uri name='https://forge.etsi.org/rep/esi/x19_13201_XAdES/raw/v1.3.1/1913201-XAdES01903v132.xsd' uri='" +
                    folder + "XAdES01903v132-202407.xsd'/></catalog>");
            const auto valid = work.run("XML_CATALOG_FILES=catalog.xml xmllint --nonet --noout --schema " +
                                        schemas.string() + " signature.xml");
            INFO(valid.output);
            CHECK(valid.code == 0);
            testing::write(work / "bad.xml", [&] {
                auto text = testing::read(work / "signature.xml");
                for (std::size_t at; (at = text.find("EncapsulatedOCSPValue")) != std::string::npos;)
                    text.replace(at, 12, "Encapsulate_");
                return text;
            }());
            CHECK(work.run("XML_CATALOG_FILES=catalog.xml xmllint --nonet --noout --schema " +
                           schemas.string() + " bad.xml")
                      .code != 0);
        }
        // What the archive timestamps cover is what there was.
        for (const auto* tag : {"EncapsulatedX509Certificate>", "SignatureTimeStamp Id=\""}) {
            auto other = xml;
            auto& byte = other[other.find(tag) + std::string_view(tag).size() + 20];
            byte = byte == 'A' ? 'B' : 'A';
            CHECK(judged(other).verdict != Verdict::passed);
        }
    }
}

TEST_CASE("wrapped, repeated, unsigned or transformed content does not pass") {
    const auto& pki = Pki::plain();
    const auto prepared = prepare(pki, "sello", parts());
    const auto xml = signature::finish_xades(prepared, pki.key("sello").sign(prepared.to_sign));
    const auto judge = [&](const std::string& from, const std::string& to) {
        auto other = xml;
        const auto at = other.find(from);
        REQUIRE(at != std::string::npos);
        other.replace(at, from.size(), to);
        const auto report = validation::validate_xml(other, trusting(pki));
        INFO(validation::to_json(report).dump(true));
        CHECK(report.verdict == Verdict::failed);
    };
    judge("<e:metadatos", "<e:contenido Id=\"CONTENIDO1\">otro</e:contenido><e:metadatos");
    judge("CONTENIDO1\">", "OTRO\">");
    judge("http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>",
          "http://www.w3.org/TR/1999/REC-xpath-19991116\"/></ds:Transforms>");
    judge("EE01", "EE02");
    CHECK(validation::validate_xml("<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", trusting(pki)).verdict ==
          Verdict::failed);
    CHECK(validation::validate_xml("", trusting(pki)).verdict == Verdict::failed);
    CHECK_THROWS_AS(signature::finish_xades(prepared, pki.key("sello").sign("otra cosa")), concejo::Error);
    unsigned seed = 5;
    for (std::size_t i = 0; i < xml.size(); i += 23) {
        seed = seed * 1664525u + 1013904223u;
        auto mutated = xml;
        mutated[i] = static_cast<char>(seed >> 24);
        validation::validate_xml(mutated, trusting(pki));
    }
}

TEST_CASE("AutoFirma's XAdES is true, of an authority that is not known here") {
    const auto file = testing::conformance("signed-samples/afirma-xades_epes_detached.xsig");
    if (file.empty()) {
        WARN("sin CONCEJO_CONFORMANCE: se omite");
        return;
    }
    const auto bytes = testing::read(file);
    const auto report = validation::validate_xml(bytes, {});
    INFO(validation::to_json(report).dump(true));
    CHECK(report.verdict == Verdict::indeterminate);
    REQUIRE(report.signatures.size() == 1);
    CHECK(report.signatures[0].covers.size() == 1);
    auto changed = bytes;
    changed[changed.find("JVBERi0") + 100] ^= 1;
    CHECK(validation::validate_xml(changed, {}).verdict == Verdict::failed);
}
