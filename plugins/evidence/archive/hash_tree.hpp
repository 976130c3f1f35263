// The hash trees of RFC 4998, section 4: many documents under one timestamp, and for each of them the few
// hashes that lead from it to the root.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evidence::archive {

using Hashes = std::vector<std::string>;  ///< bytes
using ReducedTree = std::vector<Hashes>;  ///< of each level from the leaves, what is not computed

/// By OpenSSL's name: SHA256, SHA384, SHA512. Others may not be what evidence stands on.
bool trusted_digest(std::string_view name);
/// Throws Error{invalid} for a function that is not trusted.
std::string digest(std::string_view name, std::string_view bytes);

/// The root that a leaf's hash leads to, or nothing where it is not in the first list. Without lists, the
/// hash itself.
std::optional<std::string> root_of(std::string_view name, const ReducedTree&, std::string_view hash);

class HashTree {
public:
    /// Each leaf is one hash, or those of a group that belongs together: a document and its signatures.
    /// Throws Error{invalid} without leaves.
    HashTree(std::string digest, std::vector<Hashes> leaves);

    const std::string& root() const { return levels_.back().front(); }
    ReducedTree reduced(std::size_t leaf) const;

private:
    std::string digest_;
    std::vector<Hashes> leaves_;  ///< in binary ascending order
    std::vector<Hashes> levels_;  ///< from the leaves' own hashes up to the root
};

}  // namespace evidence::archive
