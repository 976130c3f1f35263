#include "plugins/evidence/log/store.hpp"

#include <concejo/error.hpp>

namespace evidence::log {

std::vector<Digest> MemoryStore::hashes(unsigned level, std::uint64_t first, std::size_t count) const {
    if (level >= levels_.size() || first > levels_[level].size() || count > levels_[level].size() - first)
        throw concejo::Error(concejo::ErrorKind::internal, "log: a hash is missing");
    const auto begin = levels_[level].begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

void MemoryStore::add(unsigned level, std::uint64_t index, const Digest& hash) {
    if (level >= levels_.size()) levels_.resize(level + 1);
    if (index != levels_[level].size())
        throw concejo::Error(concejo::ErrorKind::internal, "log: a hash is out of order");
    levels_[level].push_back(hash);
}

}  // namespace evidence::log
