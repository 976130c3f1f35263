#include "plugins/evidence/keys/signing_key.hpp"

#include "plugins/evidence/crypto/der.hpp"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace evidence::keys {
namespace {

using concejo::Error;
using concejo::ErrorKind;

/// From the certificate upwards; what does not belong to its chain is left out.
crypto::Certificates ordered(const X509& certificate, const crypto::Certificates& all) {
    crypto::Certificates chain;
    const X509* below = &certificate;
    for (std::size_t i = 0; i < all.size() && !crypto::self_signed(*below); ++i) {
        const auto above = std::find_if(all.begin(), all.end(), [&](const auto& candidate) {
            return X509_check_issued(candidate.get(), const_cast<X509*>(below)) == X509_V_OK;
        });
        if (above == all.end()) break;
        chain.push_back(crypto::share(above->get()));
        below = above->get();
    }
    return chain;
}

SigningKey matched(crypto::Key key, const crypto::Certificates& certificates) {
    const auto own = std::find_if(certificates.begin(), certificates.end(), [&](const auto& certificate) {
        return X509_check_private_key(certificate.get(), key.get()) == 1;
    });
    crypto::clear_errors();
    if (own == certificates.end())
        throw Error(ErrorKind::invalid, "Ningún certificado corresponde a la clave");
    return SigningKey(std::move(key), crypto::share(own->get()), ordered(**own, certificates));
}

int password_of(char* buffer, int size, int, void* password) {
    const auto& text = *static_cast<const std::string*>(password);
    if (text.size() > static_cast<std::size_t>(size)) return -1;
    std::copy(text.begin(), text.end(), buffer);
    return static_cast<int>(text.size());
}

}  // namespace

SigningKey::SigningKey(crypto::Key key, crypto::Certificate certificate, crypto::Certificates chain)
    : key_(std::move(key)), certificate_(std::move(certificate)), chain_(std::move(chain)) {
    const bool matches = key_ && certificate_ && X509_check_private_key(certificate_.get(), key_.get()) == 1;
    crypto::clear_errors();
    if (!matches) throw Error(ErrorKind::invalid, "El certificado no corresponde a la clave");
    const int kind = EVP_PKEY_base_id(key_.get());
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC)
        throw Error(ErrorKind::invalid, "La clave no es RSA ni EC");
}

bool of_development(const X509& one) {
    return (crypto::subject(one) + crypto::issuer(one)).find("DESARROLLO") != std::string::npos;
}

bool SigningKey::development() const {
    return of_development(*certificate_) ||
           std::any_of(chain_.begin(), chain_.end(), [](const auto& one) { return of_development(*one); });
}

std::string SigningKey::sign(std::string_view bytes) const {
    const crypto::DigestContext context(EVP_MD_CTX_new());
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t size = 0;
    std::string signature;
    bool done = context &&
                EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
                EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size()) == 1;
    if (done) {
        signature.resize(size);
        done = EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                              bytes.size()) == 1;
    }
    if (!done) {
        crypto::clear_errors();
        throw Error(ErrorKind::unavailable,
                    "La clave de «" + crypto::common_name(*certificate_) + "» no firma");
    }
    signature.resize(size);
    return signature;
}

SigningKey from_pem(std::string_view key, std::string_view certificates, const std::string& password) {
    const auto bio = crypto::memory(key);
    crypto::Key read(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, password_of, const_cast<std::string*>(&password)));
    crypto::clear_errors();
    if (!read) throw Error(ErrorKind::invalid, "No hay una clave PEM que se pueda leer con esa contraseña");
    return matched(std::move(read), crypto::certificates_from_pem(certificates));
}

SigningKey from_pkcs12(std::string_view file, const std::string& password) {
    const auto box = crypto::parse_der<crypto::Owned<PKCS12, PKCS12_free>>(d2i_PKCS12, file);
    if (!box) throw Error(ErrorKind::invalid, "No es un archivo PKCS#12");
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* others = nullptr;
    const bool opened = PKCS12_parse(box.get(), password.c_str(), &key, &certificate, &others) == 1;
    crypto::clear_errors();
    crypto::Key owned_key(key);
    crypto::Certificates certificates;
    if (certificate) certificates.emplace_back(certificate);
    for (int i = 0; i < sk_X509_num(others); ++i)
        certificates.push_back(crypto::share(sk_X509_value(others, i)));
    sk_X509_pop_free(others, X509_free);
    if (!opened) throw Error(ErrorKind::invalid, "El archivo PKCS#12 no se abre con esa contraseña");
    if (!owned_key) throw Error(ErrorKind::invalid, "El archivo PKCS#12 no tiene clave");
    return matched(std::move(owned_key), certificates);
}

}  // namespace evidence::keys
