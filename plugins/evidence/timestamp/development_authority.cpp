#include "plugins/evidence/timestamp/development_authority.hpp"

#include "plugins/evidence/crypto/der.hpp"

#include <openssl/rand.h>
#include <openssl/ts.h>

#include <sys/time.h>

namespace evidence::timestamp {
namespace {

using crypto::Owned;
using Context = Owned<TS_RESP_CTX, TS_RESP_CTX_free>;

/// Random: the number is unique without a file that two processes would have to share.
ASN1_INTEGER* serial(TS_RESP_CTX*, void*) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) return nullptr;
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);
    ASN1_INTEGER* number = ASN1_INTEGER_new();
    if (number && ASN1_STRING_set(number, bytes, sizeof bytes) != 1) {
        ASN1_INTEGER_free(number);
        return nullptr;
    }
    return number;
}

int clock_now(TS_RESP_CTX*, void*, long* seconds, long* microseconds) {
    timeval time{};
    if (gettimeofday(&time, nullptr) != 0) return 0;
    *seconds = time.tv_sec;
    *microseconds = time.tv_usec;
    return 1;
}

}  // namespace

DevelopmentAuthority::DevelopmentAuthority(crypto::Certificate certificate, crypto::Key key,
                                           crypto::Certificates chain)
    : certificate_(std::move(certificate)), key_(std::move(key)), chain_(std::move(chain)) {
    const Context probe(TS_RESP_CTX_new());
    if (X509_check_private_key(certificate_.get(), key_.get()) != 1 ||
        TS_RESP_CTX_set_signer_cert(probe.get(), certificate_.get()) != 1) {
        crypto::clear_errors();
        throw concejo::Error(concejo::ErrorKind::invalid,
                             "La clave o el certificado no son de sellado de tiempo");
    }
}

std::string DevelopmentAuthority::answer(std::string_view request) const {
    const Context context(TS_RESP_CTX_new());
    const Owned<ASN1_OBJECT, ASN1_OBJECT_free> policy_id(OBJ_txt2obj(policy, 1));
    const auto chain = crypto::stack(chain_);
    auto* c = context.get();
    if (!c || TS_RESP_CTX_set_signer_cert(c, certificate_.get()) != 1 ||
        TS_RESP_CTX_set_signer_key(c, key_.get()) != 1 ||
        TS_RESP_CTX_set_def_policy(c, policy_id.get()) != 1 || TS_RESP_CTX_set_certs(c, chain.get()) != 1 ||
        TS_RESP_CTX_add_md(c, EVP_sha256()) != 1 || TS_RESP_CTX_add_md(c, EVP_sha384()) != 1 ||
        TS_RESP_CTX_add_md(c, EVP_sha512()) != 1 || TS_RESP_CTX_set_signer_digest(c, EVP_sha256()) != 1 ||
        TS_RESP_CTX_set_ess_cert_id_digest(c, EVP_sha256()) != 1 ||
        TS_RESP_CTX_set_accuracy(c, 1, 0, 0) != 1 || TS_RESP_CTX_set_clock_precision_digits(c, 3) != 1)
        crypto::throw_openssl("TS_RESP_CTX");
    TS_RESP_CTX_set_serial_cb(c, serial, nullptr);
    TS_RESP_CTX_set_time_cb(c, clock_now, nullptr);
    const auto bio = crypto::memory(request);
    const Owned<TS_RESP, TS_RESP_free> response(TS_RESP_create_response(c, bio.get()));
    crypto::clear_errors();  // a rejection leaves its reasons there
    if (!response) crypto::throw_openssl("TS_RESP_create_response");
    return crypto::der(i2d_TS_RESP, *response);
}

}  // namespace evidence::timestamp
