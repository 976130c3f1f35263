// What proves, years later, that nobody in a seal's chains had been revoked when it was made: certificates,
// OCSP and CRL, kept as they were said then. With it a signature reaches level B-LT (EN 319 122-1 §6.3, EN
// 319 142-1 §5.4.2).
#pragma once

#include "office.hpp"

#include "plugins/evidence/signature/xades_long_term.hpp"

namespace evidence {

/// Asks for what is not known yet of the signers of `cms` and of the timestamps in it, and keeps it for a
/// day's seals; whatever is still missing is in its `missing`. Begins transactions of its own: call it
/// outside one.
signature::Material material_for(const concejo::Call&, const Office&, std::string_view cms);

/// The same of the XAdES `id`, with the timestamp `token`, made with the present seal; what it asks for is not kept.
signature::XadesMaterial material_for_xades(const concejo::Call&, const Office&, std::string_view xml,
                                            const std::string& id, std::string_view token);

/// A seal as it is handed out.
struct LongTermSeal {
    std::string cms;
    std::optional<std::int64_t> material;  ///< which of it is inside; nothing where none was complete
};
/// `dated`: with its timestamp, made at `sealed` (Unix seconds). With what it was archived with; otherwise
/// with what was said first after that moment, which is proof of it, or else last before.
LongTermSeal long_term_seal(concejo::Transaction&, const std::string& csv, std::string_view dated,
                            std::int64_t sealed);

/// A job gathers what the newest seals need, once a day for each signer and authority.
void ask_for_material(const concejo::Call&, concejo::Transaction&);

}  // namespace evidence
