#include "plugins/evidence/signature/xades.hpp"

#include "plugins/evidence/crypto/der.hpp"
#include "plugins/evidence/signature/xades_parts.hpp"

#include <openssl/ec.h>
#include <openssl/rand.h>

namespace evidence::signature {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using crypto::base64;
using namespace xades;

/// Of a reference; its digest is filled in when the signature is in its place.
std::string reference(const std::string& id, const std::string& uri, bool enveloped,
                      const std::string& type) {
    const auto transforms =
        (enveloped ? method("ds:Transform", "http://www.w3.org/2000/09/xmldsig#enveloped-signature")
                   : std::string()) +
        method("ds:Transform", exclusive);
    return element(
        "ds:Reference",
        "Id=\"" + id + "\" " + (type.empty() ? "" : "Type=\"" + type + "\" ") + "URI=\"" + uri + "\"",
        element("ds:Transforms", "", transforms) + method("ds:DigestMethod", sha256_uri) +
            element("ds:DigestValue", "", ""));
}

std::string policy_element(const Policy& policy) {
    if (policy.digest_oid != "1.3.14.3.2.26" && policy.digest_oid != "2.16.840.1.101.3.4.2.1")
        throw Error(ErrorKind::invalid, "La política de firma usa una función resumen desconocida");
    const std::string function =
        policy.digest_oid == "1.3.14.3.2.26" ? "http://www.w3.org/2000/09/xmldsig#sha1" : sha256_uri;
    const auto id = element("xades:SigPolicyId", "",
                            element("xades:Identifier", "Qualifier=\"OIDAsURN\"", "urn:oid:" + policy.oid));
    const auto hash =
        element("xades:SigPolicyHash", "",
                method("ds:DigestMethod", function) + element("ds:DigestValue", "", base64(policy.digest)));
    const auto where =
        element("xades:SigPolicyQualifiers", "",
                element("xades:SigPolicyQualifier", "", element("xades:SPURI", "", policy.address)));
    return element("xades:SignaturePolicyIdentifier", "",
                   element("xades:SignaturePolicyId", "", id + hash + where));
}

std::string signature_element(const std::string& id, const X509& signer, const crypto::Certificates& chain,
                              const XadesOptions& options) {
    const bool ec = EVP_PKEY_base_id(X509_get0_pubkey(&signer)) == EVP_PKEY_EC;
    std::string references,
        formats;  // EN 319 132-1, 6.3: level B-B says the format of each thing that is signed
    int count = 0;
    const auto refer = [&](const std::string& uri, bool enveloped) {
        const auto name = id + "-R" + std::to_string(++count);
        references += reference(name, uri, enveloped, "");
        formats += element("xades:DataObjectFormat", "ObjectReference=\"#" + name + "\"",
                           element("xades:MimeType", "", "text/xml"));
    };
    for (const auto& one : options.ids) refer("#" + one, false);
    if (options.ids.empty()) refer("", true);
    references +=
        reference(id + "-RSP", "#" + id + "-SP", false, "http://uri.etsi.org/01903#SignedProperties");
    const auto info =
        element("ds:SignedInfo", "",
                method("ds:CanonicalizationMethod", exclusive) +
                    method("ds:SignatureMethod", std::string("http://www.w3.org/2001/04/xmldsig-more#") +
                                                     (ec ? "ecdsa" : "rsa") + "-sha256") +
                    references);
    auto certificates = element("ds:X509Certificate", "", base64(crypto::der(signer)));
    for (const auto& one : chain)
        certificates += element("ds:X509Certificate", "", base64(crypto::der(*one)));
    const auto named = element(
        "xades:SigningCertificateV2", "",
        element("xades:Cert", "", element("xades:CertDigest", "", digest_value(crypto::der(signer)))));
    const auto properties = element("xades:SignedSignatureProperties", "",
                                    element("xades:SigningTime", "", crypto::iso(options.time)) + named +
                                        (options.policy ? policy_element(*options.policy) : std::string()));
    return element(
        "ds:Signature", "xmlns:ds=\"" + std::string(xml::ds) + "\" Id=\"" + id + "\"",
        info + element("ds:SignatureValue", "Id=\"" + id + "-SV\"", "") +
            element("ds:KeyInfo", "", element("ds:X509Data", "", certificates)) +
            element("ds:Object", "",
                    element("xades:QualifyingProperties",
                            "xmlns:xades=\"" + std::string(xml::xades) + "\" Target=\"#" + id + "\"",
                            element("xades:SignedProperties", "Id=\"" + id + "-SP\"",
                                    properties + element("xades:SignedDataObjectProperties", "", formats)))));
}

void set_text(xmlNode* node, const std::string& text) {
    xmlNodeSetContent(node, reinterpret_cast<const xmlChar*>(text.c_str()));
}

std::string random_id() {
    unsigned char bytes[8];
    if (RAND_bytes(bytes, sizeof bytes) != 1) crypto::throw_openssl("RAND_bytes");
    return "S-" + crypto::hex({reinterpret_cast<const char*>(bytes), sizeof bytes});
}

/// XMLDSig's ECDSA is r and s, each as long as the curve's order (RFC 4050 §3.3).
std::string fixed_size(std::string_view der, const EVP_PKEY* key) {
    const auto pair = crypto::parse_der<crypto::Owned<ECDSA_SIG, ECDSA_SIG_free>>(d2i_ECDSA_SIG, der);
    if (!pair) throw Error(ErrorKind::invalid, "La firma no es de ECDSA");
    const int half = (EVP_PKEY_bits(key) + 7) / 8;
    std::string raw(static_cast<std::size_t>(half) * 2, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, half);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + half, half);
    return raw;
}

}  // namespace

XadesPrepared prepare_xades(std::string_view text, const X509& signer, const crypto::Certificates& chain,
                            const XadesOptions& options) {
    xml::Document document(text);
    if (document.duplicate_ids()) throw Error(ErrorKind::invalid, "El documento XML repite un identificador");
    auto* parent =
        options.into.empty() ? document.root() : xml::find(document.root(), nullptr, options.into.c_str());
    if (!parent) throw Error(ErrorKind::invalid, "El documento XML no tiene dónde poner la firma");
    XadesPrepared prepared{{}, options.id.empty() ? random_id() : options.id, {}, crypto::der(signer)};
    if (document.by_id(prepared.id)) throw Error(ErrorKind::conflict, "El documento XML ya lleva esa firma");
    for (const auto& id : options.ids)
        if (!document.by_id(id))
            throw Error(ErrorKind::invalid, "El documento XML no tiene el elemento «" + id + "»");
    auto* signature = put(document, signature_element(prepared.id, signer, chain, options), parent);
    auto* info = xml::child(signature, xml::ds, "SignedInfo");
    for (auto* one : xml::find_all(info, xml::ds, "Reference")) {
        const auto bytes = referenced(document, signature, xml::attribute(one, "URI"));
        set_text(xml::child(one, xml::ds, "DigestValue"), base64(crypto::view(crypto::sha256(bytes))));
    }
    prepared.to_sign = xml::canonical(document.get(), info, nullptr, true);
    prepared.xml = document.text();
    return prepared;
}

std::string finish_xades(const XadesPrepared& prepared, std::string_view signature) {
    const auto signer = crypto::certificate_from_der(prepared.certificate);
    if (!signer) throw Error(ErrorKind::invalid, "El certificado no se puede leer");
    require_signature(**signer, prepared.to_sign, signature);
    xml::Document document(prepared.xml);
    auto* node = signature_of(document, prepared.id);
    const auto* key = X509_get0_pubkey(signer->get());
    const auto value =
        EVP_PKEY_base_id(key) == EVP_PKEY_EC ? fixed_size(signature, key) : std::string(signature);
    set_text(xml::child(node, xml::ds, "SignatureValue"), base64(value));
    return document.text();
}

crypto::Digest xades_imprint(std::string_view text, const std::string& id) {
    const xml::Document document(text);
    auto* value = xml::child(signature_of(document, id), xml::ds, "SignatureValue");
    return crypto::sha256(xml::canonical(document.get(), value, nullptr, true));
}

std::string xades_with_timestamp(std::string_view text, const std::string& id, std::string_view token) {
    xml::Document document(text);
    auto* properties = xml::find(signature_of(document, id), xml::xades, "QualifyingProperties");
    if (!properties || xml::child(properties, xml::xades, "UnsignedProperties"))
        throw Error(ErrorKind::conflict, "La firma XAdES ya tiene propiedades sin firmar");
    const auto stamp = element("xades:SignatureTimeStamp", "Id=\"" + id + "-TS\"",
                               method("ds:CanonicalizationMethod", exclusive) +
                                   element("xades:EncapsulatedTimeStamp", "", base64(token)));
    put(document,
        element("xades:UnsignedProperties",
                "xmlns:xades=\"" + std::string(xml::xades) + "\" xmlns:ds=\"" + xml::ds + "\"",
                element("xades:UnsignedSignatureProperties", "", stamp)),
        properties);
    return document.text();
}

}  // namespace evidence::signature
