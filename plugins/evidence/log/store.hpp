// Where the hashes of a log are. A store holds what tiles hold (c2sp.org/tlog-tiles): for each level L, the
// hashes of the complete subtrees of 256^L leaves, in order. So a table has one row for each leaf and one
// more for every 256, and a tile is a range of them.
#pragma once

#include "plugins/evidence/log/merkle.hpp"

#include <cstddef>

namespace evidence::log {

class NodeReader {
public:
    virtual ~NodeReader() = default;
    /// Hashes `first` … `first + count - 1` of a level, count at most 256. Throws concejo::Error where one is
    /// missing.
    virtual std::vector<Digest> hashes(unsigned level, std::uint64_t first, std::size_t count) const = 0;
};

class NodeStore : public NodeReader {
public:
    /// Hash `index` of a level; there are that many already. What is written stays.
    virtual void add(unsigned level, std::uint64_t index, const Digest& hash) = 0;
};

/// In memory, for tests and measurements.
class MemoryStore : public NodeStore {
public:
    std::vector<Digest> hashes(unsigned level, std::uint64_t first, std::size_t count) const override;
    void add(unsigned level, std::uint64_t index, const Digest& hash) override;

private:
    std::vector<std::vector<Digest>> levels_;
};

}  // namespace evidence::log
