#include "plugins/evidence/crypto/cms.hpp"

#include "plugins/evidence/crypto/der.hpp"

namespace evidence::crypto {
namespace {

std::optional<std::string> value(X509_ATTRIBUTE* attribute) {
    auto* first = attribute ? X509_ATTRIBUTE_get0_type(attribute, 0) : nullptr;
    if (!first) return std::nullopt;
    return der(i2d_ASN1_TYPE, *first);
}

template <class Find, class Get>
std::optional<std::string> attribute(CMS_SignerInfo& signer, const char* oid, Find find, Get get) {
    const Owned<ASN1_OBJECT, ASN1_OBJECT_free> type(OBJ_txt2obj(oid, 1));
    const int at = type ? find(&signer, type.get(), -1) : -1;
    if (at < 0) return std::nullopt;
    return value(get(&signer, at));
}

bool hash_is(const X509& certificate, const EVP_MD* digest, std::string_view hash) {
    unsigned char made[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    return digest && X509_digest(&certificate, digest, made, &size) == 1 &&
           hash == std::string_view(reinterpret_cast<const char*>(made), size);
}

/// SigningCertificate and SigningCertificateV2 begin alike: the first ESSCertID is the signer's.
Named compare(std::string_view attribute, const X509& certificate, bool second) {
    try {
        DerReader outer(attribute);
        DerReader value(outer.next(sequence_tag).content);
        DerReader list(value.next(sequence_tag).content);
        DerReader id(list.next(sequence_tag).content);
        const EVP_MD* digest = second ? EVP_sha256() : EVP_sha1();
        if (id.next_is(sequence_tag)) {
            DerReader algorithm(id.next().content);
            const auto oid = algorithm.next(oid_tag).whole;
            const auto object = parse_der<Owned<ASN1_OBJECT, ASN1_OBJECT_free>>(d2i_ASN1_OBJECT, oid);
            digest = object ? EVP_get_digestbyobj(object.get()) : nullptr;
        }
        return hash_is(certificate, digest, id.next(octets_tag).content) ? Named::same : Named::other;
    } catch (const concejo::Error&) {
        return Named::other;
    }
}

}  // namespace

Cms parse_cms(std::string_view bytes) {
    auto cms = parse_der<Cms>(d2i_CMS_ContentInfo, bytes);
    if (cms && OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) cms.reset();
    return cms;
}

std::string_view without_padding(std::string_view bytes) {
    const auto* start = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* at = start;
    const Cms cms(bytes.empty() ? nullptr
                                : d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(bytes.size())));
    clear_errors();
    if (!cms) return bytes;
    const auto size = static_cast<std::size_t>(at - start);
    return bytes.find_first_not_of('\0', size) == std::string_view::npos ? bytes.substr(0, size) : bytes;
}

Certificates certificates_in(CMS_ContentInfo& cms) {
    Certificates all;
    auto* certificates = CMS_get1_certs(&cms);
    for (int i = 0; i < sk_X509_num(certificates); ++i) all.push_back(share(sk_X509_value(certificates, i)));
    sk_X509_pop_free(certificates, X509_free);
    return all;
}

X509* certificate_of(CMS_SignerInfo& signer, const Certificates& candidates) {
    for (const auto& candidate : candidates)
        if (CMS_SignerInfo_cert_cmp(&signer, candidate.get()) == 0) return candidate.get();
    return nullptr;
}

std::string_view bytes_of(const ASN1_STRING* s) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(s)),
            static_cast<std::size_t>(ASN1_STRING_length(s))};
}

std::string dotted(const ASN1_OBJECT* object) {
    char text[160] = "";
    if (object) OBJ_obj2txt(text, sizeof text, object, 1);
    return text;
}

std::optional<std::string> signed_attribute(CMS_SignerInfo& signer, const char* oid) {
    return attribute(signer, oid, CMS_signed_get_attr_by_OBJ, CMS_signed_get_attr);
}

std::optional<std::string> unsigned_attribute(CMS_SignerInfo& signer, const char* oid) {
    return attribute(signer, oid, CMS_unsigned_get_attr_by_OBJ, CMS_unsigned_get_attr);
}

Named names_signer(CMS_SignerInfo& signer, const X509& certificate) {
    if (const auto second = signed_attribute(signer, "1.2.840.113549.1.9.16.2.47"))
        return compare(*second, certificate, true);
    if (const auto first = signed_attribute(signer, "1.2.840.113549.1.9.16.2.12"))
        return compare(*first, certificate, false);
    return Named::absent;
}

}  // namespace evidence::crypto
