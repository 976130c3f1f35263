#include "witness_key.hpp"

#include "publication_log.hpp"
#include "sdk.hpp"

#include "plugins/evidence/crypto/digest.hpp"

#include <openssl/pem.h>

namespace evidence {
namespace {

std::shared_ptr<EVP_PKEY> configured_witness_key(std::string_view pem) {
    const auto in = crypto::memory(pem);
    crypto::Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    crypto::clear_errors();
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
        throw Error(ErrorKind::unavailable,
                    N_("modulos.evidence.testigo.clave no es una clave Ed25519 en PEM: haga una con "
                       "«openssl genpkey -algorithm ed25519»"));
    return {key.release(), EVP_PKEY_free};
}

/// Another key, that tells nothing of the first.
std::shared_ptr<EVP_PKEY> derived_from(const EVP_PKEY& log_key) {
    std::string seed(32, '\0');
    std::size_t size = seed.size();
    if (EVP_PKEY_get_raw_private_key(&log_key, reinterpret_cast<unsigned char*>(seed.data()), &size) != 1)
        crypto::throw_openssl("Ed25519");
    const auto other = crypto::Sha256().add("concejo evidence testigo v1\n").add(seed).finish();
    return {crypto::ed25519_from_seed(crypto::view(other)).release(), EVP_PKEY_free};
}

}  // namespace

WitnessKey witness_key_of(const Call& call, concejo::Transaction& tx) {
    const concejo::Json town = call.municipality();
    const auto configured = call.settings()["testigo"].string_or("clave", "");
    if (configured.empty() && town.string_or("mode", "") == "produccion")
        throw Error(ErrorKind::unavailable, N_("Para ser testigo de otros registros falta una clave propia: "
                                               "modulos.evidence.testigo.clave."));
    const auto key =
        configured.empty() ? derived_from(*office_of(call, tx)->log_key) : configured_witness_key(configured);
    return {{origin_for(town) + "/testigo", log::SignatureType::cosignature, crypto::public_key(*key)},
            [key](std::string_view message) { return crypto::sign_ed25519(*key, message); }};
}

std::vector<log::VerifierKey> followed_logs(const Call& call) {
    std::vector<log::VerifierKey> logs;
    const concejo::Json settings = call.settings();
    for (const auto& one : settings["testigo_de"].as_array()) {
        auto key = log::VerifierKey::parse(one.string_or("clave", ""));
        if (!key || key->type() != log::SignatureType::ed25519)
            throw Error(ErrorKind::unavailable,
                        N_("modulos.evidence.testigo_de: una de sus claves no es la de un registro "
                           "(«nombre+id+clave», lo que escribe «concejo evidence key»)"));
        logs.push_back(std::move(*key));
    }
    return logs;
}

}  // namespace evidence
