// Levels B-LT and B-LTA: what it takes to check a signature years later travels with it.
#pragma once

#include "plugins/evidence/revocation/revocation.hpp"
#include "plugins/evidence/signature/pades.hpp"

namespace evidence::signature {

struct Material {
    crypto::Certificates certificates;
    revocation::Data revocation;
    std::vector<std::string> missing;  ///< "certificate or address: why"; empty: complete
};

/// Certificates of who signed `cms` and of the timestamps in it. Throws invalid where it is no signature.
crypto::Certificates signers_in(std::string_view cms);

/// For the signers of `cms` and of the timestamps in it: chains up to `roots` and what says that nobody in
/// them was revoked, asked through `fetch` where `at_hand` does not say it. `known` helps to build chains.
/// Throws invalid where `cms` is no signature.
Material collect(std::string_view cms, const crypto::Certificates& known, const crypto::Certificates& roots,
                 const revocation::Fetch& fetch, const revocation::Data& at_hand = {});

/// The same for signers that are known by their certificates; `pool` helps to build chains.
Material collect_of(const crypto::Certificates& signers, const crypto::Certificates& pool,
                    const crypto::Certificates& roots, const revocation::Fetch&,
                    const revocation::Data& at_hand = {});

/// CAdES-B-LT: certificates and revocation data in the SignedData (EN 319 122-1 §6.3).
std::string with_material(std::string_view cms, const Material&);

/// The imprint of an archive-timestamp-v3 over `cms` and the content's digest (EN 319 122-1 §5.5.3), and the
/// attribute ATSHashIndexV3 that it needs. Everything in `cms` at that moment is covered.
struct ArchiveImprint {
    crypto::Digest imprint;
    std::string hash_index;  ///< DER of the attribute's value
};
ArchiveImprint archive_imprint(std::string_view cms, const crypto::Digest& content);
/// CAdES-B-LTA: `cms` with the token over that imprint.
std::string with_archive_timestamp(std::string_view cms, std::string_view token, const ArchiveImprint&);

/// CMS of every signature and document timestamp of a PDF, in the order of its fields.
std::vector<std::string> signatures_of(std::string_view file);
/// PAdES-B-LT: an update with the document security store (EN 319 142-1 §5.4.2), joined to the one that it
/// has.
std::string with_security_store(std::string file, const std::vector<Material>&);

}  // namespace evidence::signature
