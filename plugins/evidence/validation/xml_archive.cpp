#include "plugins/evidence/validation/xml_archive.hpp"

#include <algorithm>

namespace evidence::validation {
namespace {

constexpr std::string_view inclusive_form = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
constexpr std::string_view exclusive_form = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Octets already: the canonical form that the timestamp says is for node sets only.
bool ends_in_octets(const std::vector<xmlNode*>& references) {
    return std::all_of(references.begin(), references.end(), [](xmlNode* reference) {
        const auto transforms = xml::find_all(reference, xml::ds, "Transform");
        return !transforms.empty() &&
               xml::attribute(transforms.back(), "Algorithm").find("enveloped-signature") ==
                   std::string::npos;
    });
}

}  // namespace

std::optional<std::string> archived_octets(const xml::Document& document, xmlNode* signature, xmlNode* stamp,
                                           const std::vector<std::string>& references) {
    auto* info = xml::child(signature, xml::ds, "SignedInfo");
    const auto all = xml::find_all(info, xml::ds, "Reference");
    auto form = xml::attribute(xml::child(stamp, xml::ds, "CanonicalizationMethod"), "Algorithm");
    if (form.empty()) form = inclusive_form;
    const bool exclusive = form == exclusive_form;
    if ((!exclusive && form != inclusive_form) || all.size() != references.size()) return std::nullopt;
    if (exclusive && !ends_in_octets(all)) return std::nullopt;
    if (!xml::is(stamp->parent, xml::xades, "UnsignedSignatureProperties")) return std::nullopt;
    std::string octets;
    const auto add = [&](const xmlNode* node) {
        if (node) octets += xml::canonical(document.get(), node, nullptr, exclusive);
    };
    for (const auto& one : references) octets += one;
    add(info);
    add(xml::child(signature, xml::ds, "SignatureValue"));
    add(xml::child(signature, xml::ds, "KeyInfo"));
    for (const auto* one = stamp->parent->children; one && one != stamp; one = one->next)
        if (one->type == XML_ELEMENT_NODE) add(one);
    for (auto* one = signature->children; one; one = one->next) {
        if (!xml::is(one, xml::ds, "Object") || xml::child(one, xml::xades, "QualifyingProperties")) continue;
        const auto id = xml::attribute(one, "Id");
        const bool referenced =
            !id.empty() && std::any_of(all.begin(), all.end(), [&](const auto* reference) {
                return xml::attribute(reference, "URI") == "#" + id;
            });
        if (!referenced) add(one);
    }
    return octets;
}

}  // namespace evidence::validation
