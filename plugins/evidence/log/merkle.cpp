#include "plugins/evidence/log/merkle.hpp"

#include <bit>

namespace evidence::log {

Digest leaf_hash(std::string_view entry) {
    return crypto::Sha256().add(std::string_view("\0", 1)).add(entry).finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
    char bytes[65] = {1};
    std::copy(left.begin(), left.end(), bytes + 1);
    std::copy(right.begin(), right.end(), bytes + 33);
    return crypto::sha256({bytes, sizeof bytes});
}

Digest empty_root() { return crypto::sha256({}); }

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf, const Proof& proof,
                      const Digest& root) {
    if (index >= size) return false;
    std::uint64_t node = index, last = size - 1;
    Digest reached = leaf;
    for (const auto& sibling : proof) {
        if (last == 0) return false;
        if ((node & 1) || node == last) {
            reached = node_hash(sibling, reached);
            while (!(node & 1) && node != 0) node >>= 1, last >>= 1;
        } else {
            reached = node_hash(reached, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && reached == root;
}

bool verify_consistency(std::uint64_t size1, std::uint64_t size2, const Digest& root1, const Digest& root2,
                        const Proof& proof) {
    if (size1 == 0 || size1 > size2) return false;
    if (size1 == size2) return proof.empty() && root1 == root2;
    if (proof.empty()) return false;
    std::uint64_t node = size1 - 1, last = size2 - 1;
    while (node & 1) node >>= 1, last >>= 1;
    auto next = proof.begin();
    // A complete first tree is a node of the second: the proof leaves it out.
    Digest before = std::has_single_bit(size1) ? root1 : *next++;
    Digest after = before;
    for (; next != proof.end(); ++next) {
        if (last == 0) return false;
        if ((node & 1) || node == last) {
            before = node_hash(*next, before);
            after = node_hash(*next, after);
            while (!(node & 1) && node != 0) node >>= 1, last >>= 1;
        } else {
            after = node_hash(after, *next);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && before == root1 && after == root2;
}

}  // namespace evidence::log
