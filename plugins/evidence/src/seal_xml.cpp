#include "seal_xml.hpp"

#include "material.hpp"
#include "stamping.hpp"

namespace evidence {

SealedXml seal_xml(const concejo::Call& call, const Office& office, const std::string& xml,
                   std::vector<std::string> ids, const std::string& into) {
    const auto seal = office.seal.get();
    const auto prepared = signature::prepare_xades(xml, seal->certificate(), seal->chain(),
                                                   {std::move(ids), into, crypto::now(), office.policy});
    auto sealed = signature::finish_xades(prepared, office.seal.sign(prepared.to_sign));
    const auto& id = prepared.id;
    const auto stamp = stamp_or_none(call, office, signature::xades_imprint(sealed, id));
    if (!stamp) return {std::move(sealed), false};
    sealed = signature::xades_with_timestamp(sealed, id, stamp->token);
    const auto material = material_for_xades(call, office, sealed, id, stamp->token);
    if (!material.signer.missing.empty() || !material.authority.missing.empty())
        return {std::move(sealed), true};
    auto whole = signature::xades_with_material(sealed, id, material);
    const auto last = stamp_or_none(call, office, signature::xades_archive_imprint(whole, id));
    if (last) whole = signature::xades_with_archive_timestamp(whole, id, last->token);
    return {std::move(whole), true};
}

}  // namespace evidence
