// What the files of XAdES write and read alike.
#pragma once

#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/xml/document.hpp"

#include <concejo/error.hpp>

namespace evidence::signature::xades {

inline constexpr const char* exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
inline constexpr const char* sha256_uri = "http://www.w3.org/2001/04/xmlenc#sha256";

inline std::string element(const std::string& name, const std::string& attributes,
                           const std::string& content) {
    return "<" + name + (attributes.empty() ? "" : " " + attributes) + ">" + content + "</" + name + ">";
}
inline std::string method(const std::string& name, const std::string& algorithm) {
    return "<" + name + " Algorithm=\"" + algorithm + "\"/>";
}
inline std::string digest_value(std::string_view bytes) {
    return method("ds:DigestMethod", sha256_uri) +
           element("ds:DigestValue", "", crypto::base64(crypto::view(crypto::sha256(bytes))));
}

/// Adds the element `text`, as the last one of `parent`.
inline xmlNode* put(xml::Document& document, const std::string& text, xmlNode* parent) {
    const xml::Document fragment(text);
    auto* copy = xmlDocCopyNode(fragment.root(), document.get(), 1);
    if (!copy || !xmlAddChild(parent, copy)) throw concejo::Error(concejo::ErrorKind::internal, "XML");
    document.register_ids(copy);
    return copy;
}

inline xmlNode* signature_of(const xml::Document& document, const std::string& id) {
    auto* node = document.by_id(id);
    if (!xml::is(node, xml::ds, "Signature"))
        throw concejo::Error(concejo::ErrorKind::invalid, "El documento XML no tiene esa firma");
    return node;
}

/// What a reference of a signature of ours hashes: all but the signature itself, or the element of that Id.
inline std::string referenced(const xml::Document& document, const xmlNode* signature,
                              const std::string& uri) {
    if (uri.empty()) return xml::canonical(document.get(), nullptr, signature, true);
    const auto* target = document.by_id(uri.substr(1));
    if (!target) throw concejo::Error(concejo::ErrorKind::invalid, "La firma XAdES no tiene lo que firma");
    return xml::canonical(document.get(), target, nullptr, true);
}

}  // namespace evidence::signature::xades
