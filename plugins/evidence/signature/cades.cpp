#include "plugins/evidence/signature/cades.hpp"

#include "plugins/evidence/crypto/der.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/signed_data.hpp"

#include <openssl/ess.h>

namespace evidence::signature {
namespace {

using crypto::context;
using crypto::oid;
using crypto::sequence;
using crypto::tlv;

constexpr const char* sha256_oid = "2.16.840.1.101.3.4.2.1";
constexpr std::string_view null_value("\x05\x00", 2);

std::string signing_certificate(const X509& signer) {
    const crypto::Owned<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> value(
        OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), const_cast<X509*>(&signer), nullptr, 1));
    if (!value) crypto::throw_openssl("ESS");
    return crypto::der(i2d_ESS_SIGNING_CERT_V2, *value);
}

std::string utc_time(crypto::Time time) {
    const crypto::Owned<ASN1_TIME, ASN1_TIME_free> value(
        ASN1_TIME_set(nullptr, std::chrono::system_clock::to_time_t(time)));
    if (!value) crypto::throw_openssl("ASN1_TIME");
    return crypto::der(i2d_ASN1_TIME, *value);
}

/// SignaturePolicyId (RFC 5126 §5.8.1) with its address as qualifier id-spq-ets-uri.
std::string policy_value(const Policy& policy) {
    const auto algorithm = sequence({oid(policy.digest_oid.c_str()), null_value});
    const auto hash = sequence({algorithm, crypto::octets(policy.digest)});
    const auto qualifier = sequence({oid("1.2.840.113549.1.9.16.5.1"), tlv(0x16, policy.address)});
    return sequence({oid(policy.oid.c_str()), hash, sequence({qualifier})});
}

std::string signature_algorithm(const EVP_PKEY* key) {
    return EVP_PKEY_base_id(key) == EVP_PKEY_EC ? sequence({oid("1.2.840.10045.4.3.2")})
                                                : sequence({oid("1.2.840.113549.1.1.11"), null_value});
}

}  // namespace

void require_signature(const X509& signer, std::string_view bytes, std::string_view signature) {
    const crypto::DigestContext check(EVP_MD_CTX_new());
    auto* key = X509_get0_pubkey(&signer);
    const bool good = check && key &&
                      EVP_DigestVerifyInit(check.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                      EVP_DigestVerify(check.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                                       signature.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                                       bytes.size()) == 1;
    crypto::clear_errors();
    if (!good)
        throw concejo::Error(concejo::ErrorKind::invalid,
                             "La firma no corresponde al certificado o al contenido");
}

const Policy& age_policy() {
    static const Policy policy{"2.16.724.1.3.1.1.2.1.9", "1.3.14.3.2.26",
                               *crypto::unbase64("G7roucf600+f03r/o0bAOQ6WAs0="),
                               "https://sede.administracion.gob.es/politica_de_firma_anexo_1.pdf"};
    return policy;
}

CadesPrepared prepare_cades(const crypto::Digest& content, const X509& signer, const CadesOptions& options) {
    std::vector<std::string> attributes{
        attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.7.1")),
        attribute("1.2.840.113549.1.9.4", crypto::octets(crypto::view(content))),
        attribute("1.2.840.113549.1.9.16.2.47", signing_certificate(signer))};
    if (options.signing_time)
        attributes.push_back(attribute("1.2.840.113549.1.9.5", utc_time(*options.signing_time)));
    if (options.policy)
        attributes.push_back(attribute("1.2.840.113549.1.9.16.2.15", policy_value(*options.policy)));
    return {crypto::set_of(std::move(attributes)), crypto::der(signer)};
}

std::string finish_cades(const CadesPrepared& prepared, std::string_view signature,
                         const crypto::Certificates& chain) {
    const auto signer = crypto::certificate_from_der(prepared.certificate);
    if (!signer) throw concejo::Error(concejo::ErrorKind::invalid, "El certificado no se puede leer");
    require_signature(**signer, prepared.to_sign, signature);
    const auto digest = sequence({oid(sha256_oid)});
    const auto issuer = crypto::der(i2d_X509_NAME, *X509_get_issuer_name(signer->get()));
    const auto serial = crypto::der(i2d_ASN1_INTEGER, *X509_get0_serialNumber(signer->get()));
    SignerInfo info;
    info.version = tlv(crypto::integer_tag, "\x01");
    info.sid = sequence({issuer, serial});
    info.digest_algorithm = digest;
    info.signed_attributes = prepared.to_sign;
    info.signature_algorithm = signature_algorithm(X509_get0_pubkey(signer->get()));
    info.signature = crypto::octets(signature);
    SignedData data;
    data.version = tlv(crypto::integer_tag, "\x01");
    data.digest_algorithms = tlv(crypto::set_tag, digest);
    data.content = sequence({oid("1.2.840.113549.1.7.1")});
    data.certificates.push_back(prepared.certificate);
    for (const auto& certificate : chain) data.add_certificate(crypto::der(*certificate));
    data.signers.push_back(std::move(info));
    return data.der();
}

crypto::Digest signature_imprint(std::string_view cms) {
    return crypto::sha256(SignedData::parse(cms).only_signer().signature_value());
}

std::string with_timestamp(std::string_view cms, std::string_view token) {
    auto data = SignedData::parse(cms);
    data.only_signer().unsigned_attributes.push_back(attribute("1.2.840.113549.1.9.16.2.14", token));
    return data.der();
}

}  // namespace evidence::signature
