// The Merkle tree of RFC 6962 over a store: leaves are appended, roots and proofs are read.
#pragma once

#include "plugins/evidence/log/store.hpp"

#include <array>
#include <map>

namespace evidence::log {

/// Roots and proofs of the first `size` leaves and of any smaller tree. Reads each tile once and keeps a few
/// of them: make one for each request. An inclusion proof among 10^6 leaves reads three tiles.
class Tree {
public:
    Tree(const NodeReader& store, std::uint64_t size) : store_(store), size_(size) {}

    std::uint64_t size() const { return size_; }
    Digest root() { return root(size_); }
    Digest root(std::uint64_t size);
    /// These throw Error{invalid} unless index < size, 0 < from <= to, and the sizes are of this tree.
    Proof inclusion(std::uint64_t index, std::uint64_t size);
    Proof consistency(std::uint64_t from, std::uint64_t to);
    /// The complete subtree `index` of 2^height leaves.
    Digest node(unsigned height, std::uint64_t index);

private:
    /// Hashes of a tile, and above them those of the pairs, as far as they are complete.
    using Pyramid = std::array<std::vector<Digest>, 8>;
    const Pyramid& tile(unsigned level, std::uint64_t index);
    Digest range(std::uint64_t begin, std::uint64_t end);
    void check(bool right) const;

    const NodeReader& store_;
    std::uint64_t size_;
    std::map<std::pair<unsigned, std::uint64_t>, Pyramid> tiles_;
};

/// Appends. Holds the compact range (the roots of the complete subtrees that the tree is made of: at most 64
/// hashes), so that a leaf costs two hashes on average and the root no reading.
class Appender {
public:
    Appender(NodeStore& store, std::uint64_t size);  ///< goes on where a log of `size` leaves stands

    std::uint64_t append(const Digest& leaf);  ///< its index
    std::uint64_t size() const { return size_; }
    Digest root() const;

private:
    NodeStore& store_;
    std::uint64_t size_;
    std::array<Digest, 64> range_{};  ///< [k]: of 2^k leaves, where bit k of size is set
};

}  // namespace evidence::log
