// For tests: a PDF signed at level B-T with a key of the development PKI.
#pragma once

#include "plugins/evidence/signature/pades.hpp"
#include "plugins/evidence/testing/stamping.hpp"

namespace evidence::testing {

inline std::string sign_pdf(const std::string& file, const std::string& name,
                            const signature::PadesOptions& options = {}, bool stamped = true,
                            const Pki& pki = Pki::get()) {
    const auto key = pki.key(name);
    auto prepared = signature::prepare_pades(file, key.certificate(), options);
    auto cms = signature::finish_cades(prepared.cades, key.sign(prepared.cades.to_sign), key.chain());
    if (stamped) cms = signature::with_timestamp(cms, stamp(signature::signature_imprint(cms)));
    return signature::embed(std::move(prepared.pdf), cms);
}

}  // namespace evidence::testing
