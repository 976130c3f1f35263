#include "plugins/evidence/signature/long_term.hpp"

#include "plugins/evidence/crypto/cms.hpp"
#include "plugins/evidence/crypto/der.hpp"
#include "plugins/evidence/signature/signed_data.hpp"
#include "plugins/evidence/timestamp/token.hpp"

#include <algorithm>

namespace evidence::signature {
namespace {

using crypto::oid;
using crypto::sequence;
using crypto::tlv;

const char* const token_attributes[] = {"1.2.840.113549.1.9.16.2.14", "0.4.0.1733.2.4"};

bool is_token(std::string_view type) {
    return std::any_of(std::begin(token_attributes), std::end(token_attributes),
                       [&](const char* known) { return oid(known) == type; });
}

/// The tokens among a signer's unsigned attributes.
std::vector<std::string> tokens(const SignerInfo& signer) {
    std::vector<std::string> found;
    for (const auto& one : signer.unsigned_attributes) {
        crypto::DerReader outer(one);
        crypto::DerReader reader(outer.next(crypto::sequence_tag).content);
        if (!is_token(reader.next(crypto::oid_tag).whole)) continue;
        crypto::DerReader values(reader.next(crypto::set_tag).content);
        while (values.more()) found.emplace_back(values.next().whole);
    }
    return found;
}

struct Signers {
    crypto::Certificates leaves, pool;
};

void add_signers(std::string_view cms, Signers& signers) {
    const auto parsed = crypto::parse_cms(cms);
    if (!parsed) throw concejo::Error(concejo::ErrorKind::invalid, "No es una firma CMS");
    auto inside = crypto::certificates_in(*parsed);
    auto* infos = CMS_get0_SignerInfos(parsed.get());
    for (int i = 0; i < sk_CMS_SignerInfo_num(infos); ++i)
        if (auto* leaf = crypto::certificate_of(*sk_CMS_SignerInfo_value(infos, i), inside))
            signers.leaves.push_back(crypto::share(leaf));
    for (auto& one : inside) signers.pool.push_back(std::move(one));
}

void add_chain(const X509& leaf, const crypto::Certificates& pool, const crypto::Certificates& roots,
               const revocation::Fetch& fetch, Material& material) {
    const auto chain = crypto::build_chain(leaf, pool, roots, crypto::now());
    for (const auto& one : chain.certificates)
        if (std::none_of(material.certificates.begin(), material.certificates.end(),
                         [&](const auto& known) { return crypto::same(*known, *one); }))
            material.certificates.push_back(crypto::share(one.get()));
    if (!chain.valid()) material.missing.push_back(crypto::common_name(leaf) + ": " + chain.text);
    const auto failures = revocation::gather(chain.certificates, material.revocation, fetch);
    for (std::size_t i = 0; i + 1 < chain.certificates.size(); ++i) {
        const auto state = revocation::status(*chain.certificates[i], *chain.certificates[i + 1],
                                              material.revocation, crypto::now());
        if (state.state != revocation::State::unknown) continue;
        auto text = crypto::common_name(*chain.certificates[i]) + ": sin datos de revocación";
        for (const auto& failure : failures) text += "; " + failure;
        material.missing.push_back(std::move(text));
    }
}

Signers all_signers(std::string_view cms) {
    Signers signers;
    add_signers(cms, signers);
    for (const auto& signer : SignedData::parse(cms).signers)
        for (const auto& token : tokens(signer)) add_signers(token, signers);
    return signers;
}

}  // namespace

crypto::Certificates signers_in(std::string_view cms) { return all_signers(cms).leaves; }

Material collect(std::string_view cms, const crypto::Certificates& known, const crypto::Certificates& roots,
                 const revocation::Fetch& fetch, const revocation::Data& at_hand) {
    auto signers = all_signers(cms);
    for (auto& one : crypto::share(known)) signers.pool.push_back(std::move(one));
    return collect_of(signers.leaves, signers.pool, roots, fetch, at_hand);
}

Material collect_of(const crypto::Certificates& signers, const crypto::Certificates& pool,
                    const crypto::Certificates& roots, const revocation::Fetch& fetch,
                    const revocation::Data& at_hand) {
    Material material;
    material.revocation = at_hand;
    for (const auto& leaf : signers) add_chain(*leaf, pool, roots, fetch, material);
    return material;
}

std::string with_material(std::string_view cms, const Material& material) {
    auto data = SignedData::parse(cms);
    for (const auto& one : material.certificates) data.add_certificate(crypto::der(*one));
    for (const auto& one : material.revocation.crls) data.add_crl(one);
    for (const auto& one : material.revocation.ocsps) data.add_ocsp(one);
    return data.der();
}

ArchiveImprint archive_imprint(std::string_view cms, const crypto::Digest& content) {
    auto data = SignedData::parse(cms);
    auto& signer = data.only_signer();
    const auto hashes = [](const std::vector<std::string>& parts) {
        std::string all;
        for (const auto& part : parts) all += crypto::octets(crypto::view(crypto::sha256(part)));
        return sequence({all});
    };
    // Of each unsigned attribute the hash is over its type and value, one after the other.
    std::vector<std::string> attributes;
    for (const auto& one : signer.unsigned_attributes) {
        crypto::DerReader outer(one);
        crypto::DerReader reader(outer.next(crypto::sequence_tag).content);
        const std::string type(reader.next(crypto::oid_tag).whole);
        for (crypto::DerReader values(reader.next(crypto::set_tag).content); values.more();)
            attributes.push_back(type + std::string(values.next().whole));
    }
    ArchiveImprint made;
    made.hash_index = sequence({sequence({oid("2.16.840.1.101.3.4.2.1")}), hashes(data.certificates),
                                hashes(data.revocation), hashes(attributes)});
    crypto::DerReader outer(data.content);
    const auto type = crypto::DerReader(outer.next(crypto::sequence_tag).content).next(crypto::oid_tag).whole;
    // §5.5.3: eContentType, the content's hash, the SignerInfo's own fields as they are encoded, the hash
    // index.
    const auto signed_attributes =
        tlv(crypto::context(0), crypto::DerReader(signer.signed_attributes).next().content);
    made.imprint = crypto::Sha256()
                       .add(type)
                       .add(crypto::view(content))
                       .add(signer.version)
                       .add(signer.sid)
                       .add(signer.digest_algorithm)
                       .add(signed_attributes)
                       .add(signer.signature_algorithm)
                       .add(signer.signature)
                       .add(made.hash_index)
                       .finish();
    return made;
}

std::string with_archive_timestamp(std::string_view cms, std::string_view token,
                                   const ArchiveImprint& imprint) {
    auto stamped = SignedData::parse(token);
    stamped.only_signer().unsigned_attributes.push_back(attribute("0.4.0.19122.1.5", imprint.hash_index));
    auto data = SignedData::parse(cms);
    data.only_signer().unsigned_attributes.push_back(attribute("0.4.0.1733.2.4", stamped.der()));
    return data.der();
}

}  // namespace evidence::signature
