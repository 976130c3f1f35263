// XAdES of levels B-LT and B-LTA: what it takes to check it years later travels with it.
#pragma once

#include "plugins/evidence/signature/long_term.hpp"
#include "plugins/evidence/signature/xades.hpp"

namespace evidence::signature {

struct XadesMaterial {
    Material signer;
    Material authority;  ///< of the signature's timestamp
};

/// As `collect` of long_term.hpp. Throws invalid where there is no such signature with a timestamp.
XadesMaterial collect_xades(std::string_view xml, const std::string& id, const crypto::Certificates& known,
                            const crypto::Certificates& roots, const revocation::Fetch&,
                            const revocation::Data& at_hand = {});

/// Level B-LT, of one of level B-T (EN 319 132-1 §5.4.1, §5.4.3 and §5.5.1). Throws conflict where it has
/// such material.
std::string xades_with_material(std::string_view xml, const std::string& id, const XadesMaterial&);

/// What an archive timestamp put now would be of (EN 319 132-1 §5.5.2): what is signed, the signature and
/// everything that has been added to it. For signatures that `prepare_xades` made.
crypto::Digest xades_archive_imprint(std::string_view xml, const std::string& id);
/// Level B-LTA, of one of level B-LT; again to renew it.
std::string xades_with_archive_timestamp(std::string_view xml, const std::string& id, std::string_view token);

}  // namespace evidence::signature
