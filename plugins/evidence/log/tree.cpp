#include "plugins/evidence/log/tree.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <bit>

namespace evidence::log {
namespace {

constexpr std::size_t kept_tiles = 64;  // 1 MiB

bool aligned(std::uint64_t begin, std::uint64_t count) {
    return std::has_single_bit(count) && (begin & (count - 1)) == 0;
}
/// Where RFC 6962 cuts n > 1 leaves: the largest power of two smaller than n.
std::uint64_t cut(std::uint64_t n) { return std::bit_floor(n - 1); }

}  // namespace

void Tree::check(bool right) const {
    if (!right) throw concejo::Error(concejo::ErrorKind::invalid, "log: no such leaf or size");
}

const Tree::Pyramid& Tree::tile(unsigned level, std::uint64_t index) {
    const auto key = std::make_pair(level, index);
    if (const auto found = tiles_.find(key); found != tiles_.end()) return found->second;
    if (tiles_.size() >= kept_tiles) tiles_.clear();
    const std::uint64_t there = (size_ >> (8 * level)) - index * 256;
    Pyramid pyramid;
    pyramid[0] = store_.hashes(level, index * 256, std::min<std::uint64_t>(there, 256));
    for (std::size_t height = 1; height < pyramid.size(); ++height) {
        const auto& below = pyramid[height - 1];
        for (std::size_t i = 0; i + 1 < below.size(); i += 2)
            pyramid[height].push_back(node_hash(below[i], below[i + 1]));
    }
    return tiles_.emplace(key, std::move(pyramid)).first->second;
}

Digest Tree::node(unsigned height, std::uint64_t index) {
    const unsigned level = height / 8, inside = height % 8;
    const std::uint64_t first = index << inside;
    return tile(level, first / 256).at(inside).at((first % 256) >> inside);
}

Digest Tree::range(std::uint64_t begin, std::uint64_t end) {
    const std::uint64_t count = end - begin;
    if (aligned(begin, count)) {
        const auto height = static_cast<unsigned>(std::countr_zero(count));
        return node(height, begin >> height);
    }
    const std::uint64_t middle = begin + cut(count);
    const Digest left = range(begin, middle);
    return node_hash(left, range(middle, end));
}

Digest Tree::root(std::uint64_t size) {
    check(size <= size_);
    return size == 0 ? empty_root() : range(0, size);
}

Proof Tree::inclusion(std::uint64_t index, std::uint64_t size) {
    check(index < size && size <= size_);
    Proof proof;
    for (std::uint64_t begin = 0, end = size; end - begin > 1;) {
        const std::uint64_t middle = begin + cut(end - begin);
        if (index < middle) {
            proof.push_back(range(middle, end));
            end = middle;
        } else {
            proof.push_back(range(begin, middle));
            begin = middle;
        }
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

Proof Tree::consistency(std::uint64_t from, std::uint64_t to) {
    check(0 < from && from <= to && to <= size_);
    Proof proof;
    std::uint64_t begin = 0, end = to;
    while (from != end) {
        const std::uint64_t middle = begin + cut(end - begin);
        if (from <= middle) {
            proof.push_back(range(middle, end));
            end = middle;
        } else {
            proof.push_back(range(begin, middle));
            begin = middle;
        }
    }
    if (begin != 0) proof.push_back(range(begin, end));  // else it is the first tree's root, which is known
    std::reverse(proof.begin(), proof.end());
    return proof;
}

Appender::Appender(NodeStore& store, std::uint64_t size) : store_(store), size_(size) {
    Tree tree(store, size);
    for (unsigned height = 0; height < 64; ++height)
        if (size >> height & 1) range_[height] = tree.node(height, (size >> height) - 1);
}

std::uint64_t Appender::append(const Digest& leaf) {
    store_.add(0, size_, leaf);
    Digest hash = leaf;
    unsigned height = 0;
    for (; size_ >> height & 1; ++height) {
        hash = node_hash(range_[height], hash);
        if ((height + 1) % 8 == 0) store_.add((height + 1) / 8, size_ >> (height + 1), hash);
    }
    range_[height] = hash;
    return size_++;
}

Digest Appender::root() const {
    if (size_ == 0) return empty_root();
    auto height = static_cast<unsigned>(std::countr_zero(size_));
    Digest hash = range_[height];
    while (++height < 64)
        if (size_ >> height & 1) hash = node_hash(range_[height], hash);
    return hash;
}

}  // namespace evidence::log
