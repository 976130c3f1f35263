// Digests of the 64 KiB blocks of a content, so that any part of it can be checked before it is sent without
// reading the rest. The list can always be made again from a content that still has its sha-256.
#pragma once

#include "kernel/base/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::blobs {

inline constexpr std::size_t block_bytes = 64 << 10;
inline constexpr std::size_t digest_bytes = 32;

/// Fed with all of a content, piece by piece: its id and the list.
class Digests {
public:
    void update(std::string_view bytes);

    std::uint64_t bytes() const noexcept { return total_; }
    struct Result {
        std::string id;  ///< 64 lower-case hexadecimal digits
        std::string
            blocks;  ///< the list's bytes; empty where one block is all there is: its digest is the id
    };
    /// Called once, last.
    Result finish();

private:
    void end_block();

    base::Sha256 whole_, block_;
    std::string list_;
    std::uint64_t total_ = 0;
    std::size_t in_block_ = 0;
};

/// The first bytes of a list: what it is, whose size, and a digest of the rest.
struct BlockListHead {
    static constexpr std::size_t size = 64;

    std::uint64_t content_bytes = 0;
    std::string list_digest;  ///< 32 bytes

    std::string text() const;
    /// Nothing where these are not the first bytes of a list in this form.
    static std::optional<BlockListHead> parse(std::string_view bytes);
};

inline std::uint64_t block_count(std::uint64_t content_bytes) noexcept {
    return (content_bytes + block_bytes - 1) / block_bytes;
}

}  // namespace kernel::blobs
