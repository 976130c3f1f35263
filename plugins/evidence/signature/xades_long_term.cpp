#include "plugins/evidence/signature/xades_long_term.hpp"

#include "plugins/evidence/signature/xades_parts.hpp"

#include <algorithm>

namespace evidence::signature {
namespace {

xmlNode* unsigned_properties(xmlNode* signature) {
    auto* properties = xml::find(signature, xml::xades, "UnsignedSignatureProperties");
    if (!xml::child(properties, xml::xades, "SignatureTimeStamp"))
        throw concejo::Error(concejo::ErrorKind::invalid, "La firma XAdES no tiene sello de tiempo");
    return properties;
}

std::string base64_content(const xmlNode* node) {
    return crypto::unbase64(xml::without_blanks(xml::content(node))).value_or(std::string());
}

crypto::Certificates key_certificates(xmlNode* signature) {
    crypto::Certificates all;
    for (const auto* one :
         xml::find_all(xml::child(signature, xml::ds, "KeyInfo"), xml::ds, "X509Certificate"))
        if (auto certificate = crypto::certificate_from_der(base64_content(one)))
            all.push_back(std::move(*certificate));
    return all;
}

std::string encapsulated(const char* name, std::string_view der) {
    return xades::element(name, "", crypto::base64(der));
}

/// CertificateValues and RevocationValues; of neither where there is nothing to put in. `known`: what stands
/// in the signature already.
std::string values_of(const Material& material, const crypto::Certificates& known) {
    std::string certificates, crls, ocsps;
    for (const auto& one : material.certificates)
        if (std::none_of(known.begin(), known.end(),
                         [&](const auto& other) { return crypto::same(*one, *other); }))
            certificates += encapsulated("xades:EncapsulatedX509Certificate", crypto::der(*one));
    for (const auto& one : material.revocation.crls) crls += encapsulated("xades:EncapsulatedCRLValue", one);
    for (const auto& one : material.revocation.ocsps)
        ocsps += encapsulated("xades:EncapsulatedOCSPValue", one);
    if (!crls.empty()) crls = xades::element("xades:CRLValues", "", crls);
    if (!ocsps.empty()) ocsps = xades::element("xades:OCSPValues", "", ocsps);
    std::string all;
    if (!certificates.empty()) all += xades::element("xades:CertificateValues", "", certificates);
    if (!crls.empty() || !ocsps.empty()) all += xades::element("xades:RevocationValues", "", crls + ocsps);
    return all;
}

/// Adds each of the elements in `text`.
void put_all(xml::Document& document, const std::string& text, xmlNode* parent) {
    const std::string spaces = "xmlns:xades=\"" + std::string(xml::xades) + "\" xmlns:xades141=\"" +
                               xml::xades141 + "\" xmlns:ds=\"" + xml::ds + "\"";
    const xml::Document fragment(xades::element("all", spaces, text));
    for (auto* one = fragment.root()->children; one; one = one->next) {
        auto* copy = xmlDocCopyNode(one, document.get(), 1);
        if (!copy || !xmlAddChild(parent, copy)) throw concejo::Error(concejo::ErrorKind::internal, "XML");
        document.register_ids(copy);
    }
}

bool is_referenced(xmlNode* signature, const xmlNode* object) {
    const auto id = xml::attribute(object, "Id");
    const auto references = xml::find_all(xml::child(signature, xml::ds, "SignedInfo"), xml::ds, "Reference");
    return !id.empty() && std::any_of(references.begin(), references.end(), [&](const auto* one) {
        return xml::attribute(one, "URI") == "#" + id;
    });
}

}  // namespace

XadesMaterial collect_xades(std::string_view text, const std::string& id, const crypto::Certificates& known,
                            const crypto::Certificates& roots, const revocation::Fetch& fetch,
                            const revocation::Data& at_hand) {
    const xml::Document document(text);
    auto* signature = xades::signature_of(document, id);
    auto* stamp = xml::find(unsigned_properties(signature), xml::xades, "EncapsulatedTimeStamp");
    auto pool = key_certificates(signature);
    if (pool.empty())
        throw concejo::Error(concejo::ErrorKind::invalid, "La firma XAdES no lleva su certificado");
    crypto::Certificates leaf;
    leaf.push_back(crypto::share(pool.front().get()));
    for (const auto& one : known) pool.push_back(crypto::share(one.get()));
    return {collect_of(leaf, pool, roots, fetch, at_hand),
            collect(base64_content(stamp), known, roots, fetch, at_hand)};
}

std::string xades_with_material(std::string_view text, const std::string& id, const XadesMaterial& material) {
    xml::Document document(text);
    auto* signature = xades::signature_of(document, id);
    auto* properties = unsigned_properties(signature);
    if (xml::child(properties, xml::xades, "RevocationValues"))
        throw concejo::Error(concejo::ErrorKind::conflict, "La firma XAdES ya lleva datos de revocación");
    auto all = values_of(material.signer, key_certificates(signature));
    if (const auto of_stamp = values_of(material.authority, {}); !of_stamp.empty())
        all += xades::element("xades141:TimeStampValidationData", "URI=\"#" + id + "-TS\"", of_stamp);
    put_all(document, all, properties);
    return document.text();
}

crypto::Digest xades_archive_imprint(std::string_view text, const std::string& id) {
    const xml::Document document(text);
    auto* signature = xades::signature_of(document, id);
    auto* info = xml::child(signature, xml::ds, "SignedInfo");
    crypto::Sha256 sum;
    const auto add = [&](const xmlNode* node) {
        if (node) sum.add(xml::canonical(document.get(), node, nullptr, true));
    };
    for (const auto* one : xml::find_all(info, xml::ds, "Reference"))
        sum.add(xades::referenced(document, signature, xml::attribute(one, "URI")));
    add(info);
    add(xml::child(signature, xml::ds, "SignatureValue"));
    add(xml::child(signature, xml::ds, "KeyInfo"));
    for (const auto* one = unsigned_properties(signature)->children; one; one = one->next)
        if (one->type == XML_ELEMENT_NODE) add(one);
    for (auto* one = signature->children; one; one = one->next)
        if (xml::is(one, xml::ds, "Object") && !xml::child(one, xml::xades, "QualifyingProperties") &&
            !is_referenced(signature, one))
            add(one);
    return sum.finish();
}

std::string xades_with_archive_timestamp(std::string_view text, const std::string& id,
                                         std::string_view token) {
    xml::Document document(text);
    auto* properties = unsigned_properties(xades::signature_of(document, id));
    if (!xml::child(properties, xml::xades, "RevocationValues"))
        throw concejo::Error(concejo::ErrorKind::invalid, "La firma XAdES no lleva datos de revocación");
    const auto number = xml::find_all(properties, xml::xades141, "ArchiveTimeStamp").size() + 1;
    put_all(document,
            xades::element("xades141:ArchiveTimeStamp", "Id=\"" + id + "-ATS" + std::to_string(number) + "\"",
                           xades::method("ds:CanonicalizationMethod", xades::exclusive) +
                               encapsulated("xades:EncapsulatedTimeStamp", token)),
            properties);
    return document.text();
}

}  // namespace evidence::signature
