#include "plugins/evidence/validation/xml_signature.hpp"

#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

#include <concejo/error.hpp>

#include <mutex>

namespace evidence::validation {
namespace {

using Context = crypto::Owned<xmlSecDSigCtx, xmlSecDSigCtxDestroy>;

void start_library() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (xmlSecInit() != 0 || xmlSecCryptoAppInit(nullptr) != 0 || xmlSecCryptoInit() != 0)
            throw concejo::Error(concejo::ErrorKind::internal, "xmlsec");
        xmlSecErrorsSetCallback(nullptr);  // what it thinks of hostile files is no news for the log
    });
}

/// XPath and XSLT choose what is hashed: with them a true signature can be of nothing.
bool harmless(xmlNode* signature, std::string& found) {
    for (auto* transform :
         xml::find_all(xml::child(signature, xml::ds, "SignedInfo"), xml::ds, "Transform")) {
        const auto algorithm = xml::attribute(transform, "Algorithm");
        const bool known = algorithm.starts_with("http://www.w3.org/TR/2001/REC-xml-c14n-20010315") ||
                           algorithm.starts_with("http://www.w3.org/2001/10/xml-exc-c14n#") ||
                           algorithm.starts_with("http://www.w3.org/2006/12/xml-c14n11") ||
                           algorithm == "http://www.w3.org/2000/09/xmldsig#enveloped-signature" ||
                           algorithm == "http://www.w3.org/2000/09/xmldsig#base64";
        if (!known) return found = algorithm, false;
    }
    return true;
}

bool weak(const std::string& algorithm) { return algorithm.ends_with("sha1") || algorithm.ends_with("md5"); }

void judge_algorithms(xmlNode* signature, std::vector<Reason>& reasons) {
    auto* info = xml::child(signature, xml::ds, "SignedInfo");
    auto algorithms = xml::find_all(info, xml::ds, "DigestMethod");
    if (auto* method = xml::child(info, xml::ds, "SignatureMethod")) algorithms.push_back(method);
    for (const auto* one : algorithms)
        if (weak(xml::attribute(one, "Algorithm"))) {
            reasons.push_back({Verdict::indeterminate, "weak_algorithm", xml::attribute(one, "Algorithm")});
            return;
        }
}

bool references_hold(xmlSecDSigCtx& context) {
    for (xmlSecSize i = 0; i < xmlSecPtrListGetSize(&context.signedInfoReferences); ++i) {
        const auto* one =
            static_cast<xmlSecDSigReferenceCtx*>(xmlSecPtrListGetItem(&context.signedInfoReferences, i));
        if (one->status != xmlSecDSigStatusSucceeded) return false;
    }
    return true;
}

std::vector<std::string> hashed(xmlSecDSigCtx& context) {
    std::vector<std::string> all;
    for (xmlSecSize i = 0; i < xmlSecPtrListGetSize(&context.signedInfoReferences); ++i) {
        auto* buffer = xmlSecDSigReferenceCtxGetPreDigestBuffer(
            static_cast<xmlSecDSigReferenceCtx*>(xmlSecPtrListGetItem(&context.signedInfoReferences, i)));
        if (!buffer) return {};
        all.emplace_back(reinterpret_cast<const char*>(xmlSecBufferGetData(buffer)),
                         xmlSecBufferGetSize(buffer));
    }
    return all;
}

}  // namespace

std::vector<std::string> verify_xml_signature(const xml::Document& document, xmlNode* signature,
                                              const X509& certificate, std::vector<Reason>& reasons) {
    start_library();
    std::string algorithm;
    if (!harmless(signature, algorithm)) {
        reasons.push_back({Verdict::failed, "xml_transform", algorithm});
        return {};
    }
    for (auto* reference :
         xml::find_all(xml::child(signature, xml::ds, "SignedInfo"), xml::ds, "Reference")) {
        const auto uri = xml::attribute(reference, "URI");
        if (!uri.empty() && (uri[0] != '#' || !document.by_id(uri.substr(1)))) {
            reasons.push_back({Verdict::failed, "xml_reference", uri});
            return {};
        }
    }
    judge_algorithms(signature, reasons);
    const Context context(xmlSecDSigCtxCreate(nullptr));
    const auto der = crypto::der(certificate);
    context->flags |= XMLSEC_DSIG_FLAGS_STORE_SIGNEDINFO_REFERENCES;
    context->enabledReferenceUris = xmlSecTransformUriTypeEmpty | xmlSecTransformUriTypeSameDocument;
    context->signKey = xmlSecCryptoAppKeyLoadMemory(reinterpret_cast<const xmlSecByte*>(der.data()),
                                                    static_cast<xmlSecSize>(der.size()),
                                                    xmlSecKeyDataFormatCertDer, nullptr, nullptr, nullptr);
    const bool ran = context->signKey && xmlSecDSigCtxVerify(context.get(), signature) == 0;
    crypto::clear_errors();
    if (!ran || context->status != xmlSecDSigStatusSucceeded)
        reasons.push_back({Verdict::failed,
                           ran && references_hold(*context) ? "signature_invalid" : "content_changed", ""});
    return hashed(*context);
}

}  // namespace evidence::validation
