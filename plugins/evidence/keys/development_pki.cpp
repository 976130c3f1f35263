#include "plugins/evidence/keys/development_pki.hpp"

#include "plugins/evidence/crypto/certificate.hpp"
#include "plugins/evidence/crypto/der.hpp"

#include <openssl/conf.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <unistd.h>

#include <vector>

namespace evidence::keys {
namespace {

using crypto::Certificate;
using crypto::Key;
using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Member {
    Key key;
    Certificate certificate;
};

void add_name(X509_NAME* name, const Pairs& parts) {
    for (const auto& [field, value] : parts)
        if (X509_NAME_add_entry_by_txt(name, field.c_str(), MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(value.data()),
                                       static_cast<int>(value.size()), -1, 0) != 1)
            crypto::throw_openssl(field);
}

void add_extension(X509* certificate, X509* issuer, const std::string& name, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const crypto::Owned<CONF, NCONF_free> empty(NCONF_new(nullptr));  // certificatePolicies insists on one
    X509V3_set_nconf(&context, empty.get());
    auto* extension = X509V3_EXT_conf(nullptr, &context, name.c_str(), value.c_str());
    const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    if (!added) crypto::throw_openssl(name);
}

void number_it(X509* certificate) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) crypto::throw_openssl("RAND_bytes");
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);
    const crypto::Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
    ASN1_STRING_set(number.get(), bytes, sizeof bytes);
    X509_set_serialNumber(certificate, number.get());
}

/// Self-signed where `issuer` is null.
Member make(Key key, const Pairs& name, const Pairs& extensions, const Member* issuer, int years) {
    Certificate made(X509_new());
    auto* x = made.get();
    X509_set_version(x, X509_VERSION_3);
    number_it(x);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_time_adj_ex(X509_getm_notAfter(x), years * 365, 0, nullptr);
    X509_set_pubkey(x, key.get());
    add_name(X509_get_subject_name(x), name);
    auto* above = issuer ? issuer->certificate.get() : x;
    X509_set_issuer_name(x, X509_get_subject_name(above));
    add_extension(x, above, "subjectKeyIdentifier", "hash");
    if (issuer) add_extension(x, above, "authorityKeyIdentifier", "keyid");
    for (const auto& [field, value] : extensions) add_extension(x, above, field, value);
    if (X509_sign(x, issuer ? issuer->key.get() : key.get(), EVP_sha256()) == 0)
        crypto::throw_openssl("X509_sign");
    return {std::move(key), std::move(made)};
}

Key rsa(unsigned bits) { return Key(EVP_RSA_gen(bits)); }
Key p256() { return Key(EVP_EC_gen("P-256")); }

void write(const std::filesystem::path& file, const std::string& text) {
    const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        throw concejo::Error(concejo::ErrorKind::conflict, "Ya existe o no se puede crear " + file.string());
    const bool done = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (close(descriptor) != 0 || !done)
        throw concejo::Error(concejo::ErrorKind::unavailable, "No se puede escribir " + file.string());
}

std::string key_pem(EVP_PKEY* key) {
    crypto::Bio bio(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        crypto::throw_openssl("PEM");
    return crypto::contents(*bio);
}

/// PEM of a list that revokes nobody and holds as long as its authority.
std::string empty_crl(const Member& authority) {
    const crypto::Owned<X509_CRL, X509_CRL_free> list(X509_CRL_new());
    const crypto::Owned<ASN1_TIME, ASN1_TIME_free> from(X509_gmtime_adj(nullptr, -3600));
    const auto* certificate = authority.certificate.get();
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(certificate));
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), X509_get0_notAfter(certificate));
    const crypto::Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
    ASN1_INTEGER_set(number.get(), 1);
    X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0);
    const crypto::Owned<AUTHORITY_KEYID, AUTHORITY_KEYID_free> above(AUTHORITY_KEYID_new());
    above->keyid = ASN1_OCTET_STRING_dup(X509_get0_subject_key_id(authority.certificate.get()));
    X509_CRL_add1_ext_i2d(list.get(), NID_authority_key_identifier, above.get(), 0, 0);
    if (X509_CRL_sign(list.get(), authority.key.get(), EVP_sha256()) == 0)
        crypto::throw_openssl("X509_CRL_sign");
    crypto::Bio bio(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_X509_CRL(bio.get(), list.get()) != 1) crypto::throw_openssl("PEM");
    return crypto::contents(*bio);
}

void save(const std::filesystem::path& folder, const std::string& name, const Member& member) {
    write(folder / (name + ".pem"), crypto::pem(*member.certificate));
    write(folder / (name + ".key"), key_pem(member.key.get()));
}

/// What certificates below the issuing authority say of their kind, with where their revocation is told.
Pairs leaf(const DevelopmentPki& pki, std::initializer_list<std::pair<std::string, std::string>> own) {
    Pairs all{{"basicConstraints", "critical,CA:FALSE"}};
    all.insert(all.end(), own);
    if (!pki.ocsp_address.empty()) all.emplace_back("authorityInfoAccess", "OCSP;URI:" + pki.ocsp_address);
    if (!pki.crl_address.empty()) all.emplace_back("crlDistributionPoints", "URI:" + pki.crl_address);
    return all;
}

Pairs named(const DevelopmentPki& pki, std::initializer_list<std::pair<std::string, std::string>> own) {
    Pairs all{{"C", "ES"}, {"O", pki.entity + " (DESARROLLO)"}};
    all.insert(all.end(), own);
    return all;
}

}  // namespace

void make_development_pki(const std::filesystem::path& folder, const DevelopmentPki& pki) {
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    const Pairs authority{{"basicConstraints", "critical,CA:TRUE"},
                          {"keyUsage", "critical,keyCertSign,cRLSign"}};
    const auto root =
        make(rsa(3072), named(pki, {{"CN", "AC RAÍZ DE DESARROLLO"}}), authority, nullptr, pki.years * 2);
    Pairs intermediate{{"basicConstraints", "critical,CA:TRUE,pathlen:0"},
                       {"keyUsage", "critical,keyCertSign,cRLSign"}};
    if (!pki.root_crl_address.empty())
        intermediate.emplace_back("crlDistributionPoints", "URI:" + pki.root_crl_address);
    const auto ca =
        make(rsa(3072), named(pki, {{"CN", "AC DE DESARROLLO"}}), intermediate, &root, pki.years * 2);
    save(folder, "raiz", root);
    save(folder, "ca", ca);
    write(folder / "raiz.crl", empty_crl(root));
    write(folder / "ca.crl", empty_crl(ca));
    write(folder / "cadena.pem", crypto::pem(*ca.certificate) + crypto::pem(*root.certificate));
    // Policies of the Spanish administration's medium-level organ seal and public employee.
    save(folder, "sello",
         make(rsa(2048),
              named(pki, {{"OU", "SELLO ELECTRÓNICO"},
                          {"organizationIdentifier", "VATES-" + pki.nif},
                          {"serialNumber", pki.nif},
                          {"CN", "SELLO DE DESARROLLO"}}),
              leaf(pki, {{"keyUsage", "critical,digitalSignature,nonRepudiation"},
                         {"certificatePolicies", "2.16.724.1.3.5.6.2"}}),
              &ca, pki.years));
    save(folder, "empleado",
         make(p256(),
              named(pki, {{"OU", "CERTIFICADO ELECTRÓNICO DE EMPLEADO PÚBLICO"},
                          {"serialNumber", "IDCES-00000000T"},
                          {"SN", "DESARROLLO"},
                          {"GN", "PERSONA DE"},
                          {"CN", "PERSONA DE DESARROLLO - DNI 00000000T"}}),
              leaf(pki,
                   {{"keyUsage", "critical,nonRepudiation"}, {"certificatePolicies", "2.16.724.1.3.5.7.2"}}),
              &ca, pki.years));
    save(folder, "tsa",
         make(rsa(2048), named(pki, {{"CN", "TSA DE DESARROLLO"}}),
              leaf(pki, {{"keyUsage", "critical,digitalSignature"},
                         {"extendedKeyUsage", "critical,timeStamping"}}),
              &ca, pki.years));
    save(folder, "ocsp",
         make(p256(), named(pki, {{"CN", "OCSP DE DESARROLLO"}}),
              {{"basicConstraints", "critical,CA:FALSE"},
               {"keyUsage", "critical,digitalSignature"},
               {"extendedKeyUsage", "critical,OCSPSigning"},
               {"noCheck", "ignored"}},
              &ca, pki.years));
}

}  // namespace evidence::keys
