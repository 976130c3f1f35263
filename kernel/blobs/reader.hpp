// A part of a content, block by block, each checked before it is handed out.
#pragma once

#include "kernel/blobs/store.hpp"

namespace kernel::blobs {

/// For one thread at a time.
class Reader {
public:
    Reader(const Store& store, Key key, std::uint64_t content_bytes, std::uint64_t offset,
           std::uint64_t length);

    /// At most 64 KiB; empty at the end. Error{internal} where the next block is damaged: it has been
    /// reported.
    std::string next();
    std::uint64_t content_bytes() const noexcept { return content_bytes_; }

private:
    std::string block(std::uint64_t number);
    std::string_view fetched(std::uint64_t number);
    std::string digest(std::uint64_t number);
    /// Whether the list is whole, so that a block that differs from it is damaged.
    bool list_is_sound() const;
    [[noreturn]] void damaged(std::uint64_t number) const;

    const Store* store_;
    Key key_;
    std::uint64_t content_bytes_, at_, end_;
    std::string window_, digests_;
    std::uint64_t window_first_ = 0, digests_first_ = 0;  // number of their first block
};

}  // namespace kernel::blobs
