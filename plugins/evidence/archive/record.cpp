#include "plugins/evidence/archive/record.hpp"

#include "plugins/evidence/crypto/der.hpp"
#include "plugins/evidence/timestamp/token.hpp"

#include <algorithm>

namespace evidence::archive {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using crypto::DerReader;
using crypto::tlv;

// RFC 4998's module has IMPLICIT TAGS.
constexpr unsigned char algorithm_field = crypto::context(0), attributes_field = crypto::context(1),
                        tree_field = crypto::context(2);

struct Known {
    const char *name, *oid;
};
constexpr Known known[] = {{"SHA256", "2.16.840.1.101.3.4.2.1"},
                           {"SHA384", "2.16.840.1.101.3.4.2.2"},
                           {"SHA512", "2.16.840.1.101.3.4.2.3"}};

[[noreturn]] void no_record(const std::string& why) {
    throw Error(ErrorKind::invalid, "No es un registro de evidencia: " + why);
}

/// What an AlgorithmIdentifier holds: RFC 5754 leaves the parameters out, and NULL is to be taken too.
std::string algorithm_content(const std::string& name) {
    for (const auto& one : known)
        if (name == one.name) return crypto::oid(one.oid);
    no_record(name);
}

std::string algorithm_of(std::string_view content) {
    DerReader reader(content);
    const auto type = reader.next(crypto::oid_tag).whole;
    if (reader.more() && reader.next().whole != std::string_view("\x05\x00", 2)) no_record("parámetros");
    if (reader.more()) no_record("algoritmo");
    for (const auto& one : known)
        if (crypto::oid(one.oid) == type) return one.name;
    no_record("su función de resumen no se admite");
}

ArchiveTimeStamp read_stamp(std::string_view content) {
    DerReader reader(content);
    ArchiveTimeStamp stamp;
    if (reader.next_is(algorithm_field)) stamp.digest = algorithm_of(reader.next().content);
    if (reader.next_is(attributes_field)) reader.next();  // they say nothing of what is proved
    if (reader.next_is(tree_field)) {
        stamp.tree = read_lists(reader.next().content);
        if (stamp.tree.empty()) no_record("un árbol vacío");
    }
    stamp.token = reader.next(crypto::sequence_tag).whole;
    if (reader.more()) no_record("sobra algo");
    if (stamp.digest.empty()) stamp.digest = timestamp::read_token(stamp.token).digest_name;
    if (!trusted_digest(stamp.digest)) no_record("su función de resumen no se admite");
    return stamp;
}

}  // namespace

std::string write_lists(const ReducedTree& tree) {
    std::string lists;
    for (const auto& list : tree) {
        std::string hashes;
        for (const auto& hash : list) hashes += crypto::octets(hash);
        lists += tlv(crypto::sequence_tag, hashes);
    }
    return lists;
}

ReducedTree read_lists(std::string_view der) {
    ReducedTree tree;
    for (DerReader lists(der); lists.more();) {
        Hashes hashes;
        for (DerReader list(lists.next(crypto::sequence_tag).content); list.more();)
            hashes.emplace_back(list.next(crypto::octets_tag).content);
        if (hashes.empty()) no_record("una lista vacía");
        tree.push_back(std::move(hashes));
    }
    return tree;
}

std::string ArchiveTimeStamp::der() const {
    return crypto::sequence({tlv(algorithm_field, algorithm_content(digest)),
                             tree.empty() ? std::string() : tlv(tree_field, write_lists(tree)), token});
}

std::string EvidenceRecord::sequence(std::size_t count) const {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        if (i < encoded.size()) {
            all += encoded[i];
            continue;
        }
        std::string chain;
        for (const auto& stamp : chains.at(i)) chain += stamp.der();
        all += tlv(crypto::sequence_tag, chain);
    }
    return tlv(crypto::sequence_tag, all);
}

std::string EvidenceRecord::der() const {
    std::string algorithms;
    std::vector<std::string> told;
    for (const auto& chain : chains) {
        const auto& name = chain.front().digest;
        if (std::find(told.begin(), told.end(), name) != told.end()) continue;
        told.push_back(name);
        algorithms += tlv(crypto::sequence_tag, algorithm_content(name));
    }
    return crypto::sequence(
        {tlv(crypto::integer_tag, "\x01"), tlv(crypto::sequence_tag, algorithms), sequence(chains.size())});
}

EvidenceRecord EvidenceRecord::parse(std::string_view der) {
    DerReader outer(der);
    DerReader reader(outer.next(crypto::sequence_tag).content);
    if (outer.more()) no_record("sobra algo detrás");
    if (reader.next(crypto::integer_tag).content != "\x01") no_record("otra versión");
    reader.next(crypto::sequence_tag);                      // the functions, which each timestamp names too
    if (reader.next_is(crypto::context(0))) reader.next();  // what is known of the functions
    if (!reader.next_is(crypto::sequence_tag)) no_record("contenido cifrado");
    EvidenceRecord record;
    const auto body = reader.next();
    if (reader.more()) no_record("sobra algo");
    for (DerReader chains(body.content); chains.more();) {
        Chain chain;
        const auto whole = chains.next(crypto::sequence_tag);
        for (DerReader stamps(whole.content); stamps.more();)
            chain.push_back(read_stamp(stamps.next(crypto::sequence_tag).content));
        if (chain.empty()) no_record("una cadena vacía");
        record.chains.push_back(std::move(chain));
        record.encoded.emplace_back(whole.whole);
    }
    if (record.chains.empty()) no_record("ningún sello de tiempo");
    return record;
}

std::string renewed_leaf(std::string_view name, std::string_view content_hash, std::string_view before) {
    return digest(name, std::string(content_hash) + digest(name, before));
}

}  // namespace evidence::archive
