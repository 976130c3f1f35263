#include "plugins/evidence/signature/signed_data.hpp"

#include "plugins/evidence/crypto/der.hpp"

#include <algorithm>

namespace evidence::signature {
namespace {

using crypto::context;
using crypto::DerReader;
using crypto::sequence;
using crypto::tlv;

std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const auto& part : parts) all += part;
    return all;
}

/// A tagged SET OF in DER's order.
std::string tagged(unsigned n, const std::vector<std::string>& parts) {
    auto sorted = parts;
    std::sort(sorted.begin(), sorted.end());
    return tlv(context(n), joined(sorted));
}

std::vector<std::string> elements(std::string_view content) {
    std::vector<std::string> all;
    for (DerReader reader(content); reader.more();) all.emplace_back(reader.next().whole);
    return all;
}

SignerInfo read_signer(std::string_view content) {
    DerReader reader(content);
    SignerInfo info;
    info.version = reader.next(crypto::integer_tag).whole;
    info.sid = reader.next().whole;
    info.digest_algorithm = reader.next(crypto::sequence_tag).whole;
    if (reader.next_is(context(0))) info.signed_attributes = tlv(crypto::set_tag, reader.next().content);
    info.signature_algorithm = reader.next(crypto::sequence_tag).whole;
    info.signature = reader.next(crypto::octets_tag).whole;
    if (reader.next_is(context(1))) info.unsigned_attributes = elements(reader.next().content);
    return info;
}

void add_once(std::vector<std::string>& parts, std::string one) {
    if (std::find(parts.begin(), parts.end(), one) == parts.end()) parts.push_back(std::move(one));
}

}  // namespace

std::string attribute(const char* type, std::string_view value) {
    return sequence({crypto::oid(type), tlv(crypto::set_tag, value)});
}

std::string SignerInfo::signature_value() const { return std::string(DerReader(signature).next().content); }

std::string SignerInfo::der() const {
    std::string attributes;
    if (!signed_attributes.empty()) attributes = tlv(context(0), DerReader(signed_attributes).next().content);
    return sequence({version, sid, digest_algorithm, attributes, signature_algorithm, signature,
                     unsigned_attributes.empty() ? std::string() : tagged(1, unsigned_attributes)});
}

SignedData SignedData::parse(std::string_view cms) {
    DerReader outer(cms);
    DerReader info(outer.next(crypto::sequence_tag).content);
    if (outer.more() || info.next(crypto::oid_tag).whole != crypto::oid("1.2.840.113549.1.7.2"))
        throw concejo::Error(concejo::ErrorKind::invalid, "No es una firma CMS");
    DerReader wrapped(info.next(context(0)).content);
    DerReader reader(wrapped.next(crypto::sequence_tag).content);
    SignedData data;
    data.version = reader.next(crypto::integer_tag).whole;
    data.digest_algorithms = reader.next(crypto::set_tag).whole;
    data.content = reader.next(crypto::sequence_tag).whole;
    if (reader.next_is(context(0))) data.certificates = elements(reader.next().content);
    if (reader.next_is(context(1))) data.revocation = elements(reader.next().content);
    for (DerReader signers(reader.next(crypto::set_tag).content); signers.more();)
        data.signers.push_back(read_signer(signers.next(crypto::sequence_tag).content));
    return data;
}

SignerInfo& SignedData::only_signer() {
    if (signers.size() != 1)
        throw concejo::Error(concejo::ErrorKind::invalid, "La firma CMS no tiene exactamente un firmante");
    return signers.front();
}

void SignedData::add_certificate(std::string der) { add_once(certificates, std::move(der)); }
void SignedData::add_crl(std::string der) { add_once(revocation, std::move(der)); }

void SignedData::add_ocsp(std::string_view response) {
    add_once(revocation, tlv(context(1), crypto::oid("1.3.6.1.5.5.7.16.2") + std::string(response)));
}

std::string SignedData::der() const {
    std::vector<std::string> infos;
    for (const auto& signer : signers) infos.push_back(signer.der());
    // RFC 5652 §5.1: version 5 as soon as there is revocation of other formats.
    const bool other = std::any_of(revocation.begin(), revocation.end(), [](const auto& one) {
        return static_cast<unsigned char>(one[0]) == context(1);
    });
    const auto shown = other ? tlv(crypto::integer_tag, "\x05") : version;
    const auto signed_data = sequence(
        {shown, digest_algorithms, content, certificates.empty() ? std::string() : tagged(0, certificates),
         revocation.empty() ? std::string() : tagged(1, revocation), crypto::set_of(std::move(infos))});
    return sequence({crypto::oid("1.2.840.113549.1.7.2"), tlv(context(0), signed_data)});
}

}  // namespace evidence::signature
