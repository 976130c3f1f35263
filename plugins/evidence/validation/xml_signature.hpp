// The cryptography of an XML signature, by xmlsec, with nothing allowed that could hide a change.
#pragma once

#include "plugins/evidence/validation/report.hpp"
#include "plugins/evidence/xml/document.hpp"

namespace evidence::validation {

/// Adds what speaks against the signature and its references; `certificate` is whose key made it. The octets
/// that each reference hashes, in their order; nothing where they could not be had.
std::vector<std::string> verify_xml_signature(const xml::Document&, xmlNode* signature,
                                              const X509& certificate, std::vector<Reason>&);

}  // namespace evidence::validation
