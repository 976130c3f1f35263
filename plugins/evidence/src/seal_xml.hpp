// The municipality's seal inside an XML (XAdES), with what it takes to check it in years to come.
#pragma once

#include "office.hpp"

#include "plugins/evidence/signature/xades.hpp"

namespace evidence {

struct SealedXml {
    std::string xml;
    bool dated = false;  ///< with its timestamp
};

/// XAdES-B-LTA; B-T where nobody says whether the certificates were revoked, B-B where no authority answers. `ids` and `into`
/// as in XadesOptions. Asks over the network: not while a transaction is open.
SealedXml seal_xml(const concejo::Call&, const Office&, const std::string& xml, std::vector<std::string> ids,
                   const std::string& into);

}  // namespace evidence
