// Evidence records (RFC 4998): timestamps that renew each other over the years, for one document.
#pragma once

#include "plugins/evidence/archive/hash_tree.hpp"

namespace evidence::archive {

/// DER of `reducedHashtree`'s lists, one after another; empty for no lists.
std::string write_lists(const ReducedTree&);
/// Throws Error{invalid} for anything else.
ReducedTree read_lists(std::string_view der);

struct ArchiveTimeStamp {
    std::string digest;  ///< OpenSSL's name: of the tree and the timestamp
    ReducedTree tree;    ///< empty: the timestamp is over the one hash
    std::string token;   ///< RFC 3161, DER

    std::string der() const;
};

/// Timestamps of one hash function: each but the first is over the one before.
using Chain = std::vector<ArchiveTimeStamp>;

/// Each chain but the first is over the document and all the chains before.
struct EvidenceRecord {
    std::vector<Chain> chains;
    std::vector<std::string> encoded;  ///< of a record that was read: each chain as it was written

    std::string der() const;
    /// DER of an ArchiveTimeStampSequence with the first `count` chains: what the next chain is over.
    std::string sequence(std::size_t count) const;
    /// Throws Error{invalid} for bytes that are no such record, and for hash functions that are not trusted.
    static EvidenceRecord parse(std::string_view der);
};

/// The leaf of a document in a later chain: of its content's hash and of `before`, the sequence of the chains
/// that there are (RFC 4998, section 5.2). In a first chain it is the content's hash itself.
std::string renewed_leaf(std::string_view digest, std::string_view content_hash, std::string_view before);

}  // namespace evidence::archive
