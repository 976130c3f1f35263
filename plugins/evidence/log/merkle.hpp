// The hashes of RFC 6962, section 2.1, with SHA-256, and the verification of its proofs (algorithms of RFC
// 9162, sections 2.1.3.2 and 2.1.4.2). Nothing here needs the log: a root, a proof and arithmetic.
#pragma once

#include "plugins/evidence/crypto/digest.hpp"

#include <cstdint>
#include <vector>

namespace evidence::log {

using crypto::Digest;
using Proof = std::vector<Digest>;

Digest leaf_hash(std::string_view entry);                   ///< SHA-256(0x00 ‖ entry)
Digest node_hash(const Digest& left, const Digest& right);  ///< SHA-256(0x01 ‖ left ‖ right)
Digest empty_root();                                        ///< SHA-256 of nothing

/// The leaf `index`, counted from 0, is in the tree of `size` leaves with that root.
bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf, const Proof& proof,
                      const Digest& root);

/// The tree of `size2` leaves begins with that of `size1`. False for size1 = 0, like transparency-dev's
/// vectors: every tree begins with the empty one, so such a proof proves nothing.
bool verify_consistency(std::uint64_t size1, std::uint64_t size2, const Digest& root1, const Digest& root2,
                        const Proof& proof);

}  // namespace evidence::log
