// A proof that stands alone (c2sp.org/tlog-proof): index, path and signed checkpoint in one text.
#pragma once

#include "plugins/evidence/log/checkpoint.hpp"

namespace evidence::log {

struct TlogProof {
    std::optional<std::string> extra;  ///< bytes that nobody signs
    std::uint64_t index = 0;
    Proof path;
    SignedCheckpoint checkpoint;

    std::string write() const;
    static std::optional<TlogProof> parse(std::string_view text);
    /// The path leads from this leaf to the checkpoint's root. It proves nothing until the signature of the
    /// checkpoint has been verified too.
    bool includes(const Digest& leaf) const {
        return verify_inclusion(index, checkpoint.head.size, leaf, path, checkpoint.head.root);
    }
};

}  // namespace evidence::log
