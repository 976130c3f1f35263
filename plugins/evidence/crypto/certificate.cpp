#include "plugins/evidence/crypto/certificate.hpp"

#include "plugins/evidence/crypto/der.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace evidence::crypto {
namespace {

std::string name(const X509_NAME* name) {
    const Bio bio(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    return contents(*bio);
}

void add_address(std::vector<std::string>& addresses, const GENERAL_NAME* name) {
    if (name->type != GEN_URI) return;
    const auto* text = name->d.uniformResourceIdentifier;
    std::string address(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                        static_cast<std::size_t>(ASN1_STRING_length(text)));
    if (address.starts_with("http://") || address.starts_with("https://")) addresses.push_back(address);
}

}  // namespace

Certificate share(X509* certificate) {
    X509_up_ref(certificate);
    return Certificate(certificate);
}

Certificates share(const Certificates& certificates) {
    Certificates copy;
    for (const auto& certificate : certificates) copy.push_back(share(certificate.get()));
    return copy;
}

std::optional<Certificate> certificate_from_der(std::string_view bytes) {
    auto certificate = parse_der<Certificate>(d2i_X509, bytes);
    if (!certificate) return std::nullopt;
    return certificate;
}

Certificates certificates_from_pem(std::string_view text) {
    Certificates found;
    const auto bio = memory(text);
    while (auto* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) found.emplace_back(one);
    clear_errors();
    if (found.empty()) throw concejo::Error(concejo::ErrorKind::invalid, "No hay ningún certificado PEM");
    return found;
}

std::string der(const X509& certificate) { return der(i2d_X509, certificate); }

std::string pem(const X509& certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_X509(bio.get(), const_cast<X509*>(&certificate)) != 1) throw_openssl("PEM");
    return contents(*bio);
}

bool same(const X509& a, const X509& b) { return X509_cmp(&a, &b) == 0; }

std::string subject(const X509& x) { return name(X509_get_subject_name(&x)); }
std::string issuer(const X509& x) { return name(X509_get_issuer_name(&x)); }

std::string common_name(const X509& x) {
    const auto* name = X509_get_subject_name(&x);
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) return subject(x);
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0) return clear_errors(), subject(x);
    std::string result(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return result;
}

std::string serial(const X509& x) {
    const Owned<BIGNUM, BN_free> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(&x), nullptr));
    char* text = number ? BN_bn2hex(number.get()) : nullptr;
    std::string result(text ? text : "");
    OPENSSL_free(text);
    return result;
}

bool self_signed(const X509& x) {
    return X509_NAME_cmp(X509_get_subject_name(&x), X509_get_issuer_name(&x)) == 0;
}

bool may_sign(const X509& x) {
    const auto usage = X509_get_key_usage(const_cast<X509*>(&x));  // all bits where the extension is absent
    return (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

bool weak(const X509& x) {
    const auto* key = X509_get0_pubkey(&x);
    if (!key || (EVP_PKEY_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_bits(key) < 2048)) return true;
    int digest = NID_undef;
    OBJ_find_sigid_algs(X509_get_signature_nid(&x), &digest, nullptr);
    return digest == NID_md5 || digest == NID_sha1;
}

std::vector<std::string> ocsp_addresses(const X509& x) {
    std::vector<std::string> addresses;
    const Owned<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free> info(
        static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(&x, NID_info_access, nullptr, nullptr)));
    for (int i = 0; info && i < sk_ACCESS_DESCRIPTION_num(info.get()); ++i) {
        const auto* access = sk_ACCESS_DESCRIPTION_value(info.get(), i);
        if (OBJ_obj2nid(access->method) == NID_ad_OCSP) add_address(addresses, access->location);
    }
    return addresses;
}

std::vector<std::string> crl_addresses(const X509& x) {
    std::vector<std::string> addresses;
    const Owned<CRL_DIST_POINTS, CRL_DIST_POINTS_free> points(
        static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(&x, NID_crl_distribution_points, nullptr, nullptr)));
    for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i) {
        const auto* point = sk_DIST_POINT_value(points.get(), i)->distpoint;
        if (!point || point->type != 0) continue;
        for (int j = 0; j < sk_GENERAL_NAME_num(point->name.fullname); ++j)
            add_address(addresses, sk_GENERAL_NAME_value(point->name.fullname, j));
    }
    return addresses;
}

Stack stack(const Certificates& certificates) {
    Stack borrowed(sk_X509_new_null());
    for (const auto& certificate : certificates)
        if (!borrowed || !sk_X509_push(borrowed.get(), certificate.get())) throw_openssl("STACK");
    return borrowed;
}

Chain build_chain(const X509& certificate, const Certificates& others, const Certificates& roots, Time at,
                  Purpose purpose) {
    const Owned<X509_STORE, X509_STORE_free> store(X509_STORE_new());
    for (const auto& root : roots) X509_STORE_add_cert(store.get(), root.get());
    const auto untrusted = stack(others);
    const Owned<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
    if (!store || !context ||
        X509_STORE_CTX_init(context.get(), store.get(), const_cast<X509*>(&certificate), untrusted.get()) !=
            1)
        throw_openssl("X509_STORE");
    auto* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(at));
    if (purpose == Purpose::timestamping)
        X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_TIMESTAMP_SIGN);
    if (purpose == Purpose::ocsp) X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_OCSP_HELPER);
    Chain chain;
    if (X509_verify_cert(context.get()) != 1) {
        chain.error = X509_STORE_CTX_get_error(context.get());
        if (chain.error == X509_V_OK) chain.error = X509_V_ERR_UNSPECIFIED;
        chain.text = X509_verify_cert_error_string(chain.error);
    }
    const auto* built = X509_STORE_CTX_get0_chain(context.get());
    for (int i = 0; i < sk_X509_num(built); ++i) chain.certificates.push_back(share(sk_X509_value(built, i)));
    clear_errors();
    return chain;
}

}  // namespace evidence::crypto
