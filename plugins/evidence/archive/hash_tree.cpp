#include "plugins/evidence/archive/hash_tree.hpp"

#include "plugins/evidence/crypto/openssl.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <iterator>

namespace evidence::archive {
namespace {

/// What stands above hashes: of one, itself; of several, the hash of all of them in binary ascending order.
std::string father(std::string_view name, Hashes children) {
    if (children.size() == 1) return std::move(children.front());
    std::sort(children.begin(), children.end());
    std::string all;
    for (const auto& child : children) all += child;
    return digest(name, all);
}

}  // namespace

bool trusted_digest(std::string_view name) {
    return name == "SHA256" || name == "SHA384" || name == "SHA512";
}

std::string digest(std::string_view name, std::string_view bytes) {
    if (!trusted_digest(name))
        throw concejo::Error(concejo::ErrorKind::invalid, "«" + std::string(name) + "» no se admite");
    unsigned char made[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), made, &size, EVP_get_digestbyname(std::string(name).c_str()),
                   nullptr) != 1)
        crypto::throw_openssl(name);
    return {reinterpret_cast<const char*>(made), size};
}

std::optional<std::string> root_of(std::string_view name, const ReducedTree& tree, std::string_view hash) {
    std::string found(hash);
    for (std::size_t i = 0; i < tree.size(); ++i) {
        auto list = tree[i];
        if (i == 0 && std::find(list.begin(), list.end(), found) == list.end()) return std::nullopt;
        if (i != 0) list.push_back(std::move(found));
        if (list.empty()) return std::nullopt;
        found = father(name, std::move(list));
    }
    return found;
}

// A node without a sibling goes up as it is, so that no data are invented.
HashTree::HashTree(std::string digest, std::vector<Hashes> leaves)
    : digest_(std::move(digest)), leaves_(std::move(leaves)) {
    Hashes level;
    for (auto& leaf : leaves_) {
        if (leaf.empty()) throw concejo::Error(concejo::ErrorKind::invalid, "una hoja sin resumen");
        std::sort(leaf.begin(), leaf.end());
        level.push_back(father(digest_, leaf));
    }
    if (level.empty()) throw concejo::Error(concejo::ErrorKind::invalid, "un árbol sin hojas");
    levels_.push_back(std::move(level));
    while (levels_.back().size() > 1) {
        const auto& below = levels_.back();
        Hashes above;
        for (std::size_t i = 0; i < below.size(); i += 2)
            above.push_back(i + 1 < below.size() ? father(digest_, {below[i], below[i + 1]}) : below[i]);
        levels_.push_back(std::move(above));
    }
}

ReducedTree HashTree::reduced(std::size_t leaf) const {
    ReducedTree tree;
    if (leaves_.at(leaf).size() > 1) tree.push_back(leaves_[leaf]);
    auto at = leaf;
    for (std::size_t level = 0; level + 1 < levels_.size(); ++level, at /= 2) {
        const auto sibling = at ^ 1;
        if (sibling >= levels_[level].size()) continue;
        if (tree.empty()) {
            Hashes first{levels_[level][at], levels_[level][sibling]};
            std::sort(first.begin(), first.end());
            tree.push_back(std::move(first));
        } else {
            tree.push_back({levels_[level][sibling]});
        }
    }
    return tree;
}

}  // namespace evidence::archive
