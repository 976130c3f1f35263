#include "kernel/blobs/reader.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/blobs/block_list.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kernel::blobs {
namespace {

constexpr std::uint64_t digests_at_a_time = 128;  // 8 MiB of content

}  // namespace

Reader::Reader(const Store& store, Key key, std::uint64_t content_bytes, std::uint64_t offset,
               std::uint64_t length)
    : store_(&store),
      key_(std::move(key)),
      content_bytes_(content_bytes),
      at_(std::min(offset, content_bytes)) {
    end_ = at_ + std::min(length, content_bytes - at_);
}

std::string Reader::next() {
    if (at_ >= end_) return {};
    const auto number = at_ / block_bytes, within = at_ % block_bytes;
    auto bytes = block(number);
    const auto wanted = std::min<std::uint64_t>(bytes.size() - within, end_ - at_);
    at_ += wanted;
    if (within == 0 && wanted == bytes.size()) return bytes;
    return bytes.substr(within, wanted);
}

std::string Reader::block(std::uint64_t number) {
    const auto expected = std::min<std::uint64_t>(block_bytes, content_bytes_ - number * block_bytes);
    for (bool again = false;; again = true) {
        const auto bytes = fetched(number);
        if (bytes.size() == expected && base::sha256(bytes) == digest(number)) return std::string(bytes);
        window_.clear();
        digests_.clear();
        // A list that lies, or lacks, is made anew from a content that is still whole.
        if (again || content_bytes_ <= block_bytes || list_is_sound()) damaged(number);
        if (!store_->check_whole(key_, true)) damaged(number);
    }
}

void Reader::damaged(std::uint64_t number) const {
    store_->report(key_, fmt::format("bloque {} de {}", number + 1, block_count(content_bytes_)));
    throw concejo::Error(
        concejo::ErrorKind::internal,
        fmt::format("el fichero {} está dañado y no se sirve: restáurelo de una copia", key_.id));
}

std::string_view Reader::fetched(std::uint64_t number) {
    const auto blocks = window_.size() / block_bytes + (window_.size() % block_bytes != 0);
    if (window_.empty() || number < window_first_ || number >= window_first_ + blocks) {
        // No more than what was asked for, in whole blocks.
        const auto last = (end_ + block_bytes - 1) / block_bytes * block_bytes;
        const auto most =
            std::max<std::uint64_t>(store_->shelf().window() / block_bytes * block_bytes, block_bytes);
        const auto length = std::min(most, last - number * block_bytes);
        window_ = store_->shelf().read(key_, number * block_bytes, static_cast<std::size_t>(length));
        window_first_ = number;
    }
    const auto from = static_cast<std::size_t>((number - window_first_) * block_bytes);
    return from < window_.size() ? std::string_view(window_).substr(from, block_bytes) : std::string_view();
}

std::string Reader::digest(std::uint64_t number) {
    if (content_bytes_ <= block_bytes) return base::unhex(key_.id).value_or("");
    if (digests_.empty() || number < digests_first_ ||
        number - digests_first_ >= digests_.size() / digest_bytes) {
        try {
            digests_ = store_->shelf().read_blocks(key_, BlockListHead::size + number * digest_bytes,
                                                   digests_at_a_time * digest_bytes);
        } catch (const concejo::Error& error) {
            if (error.kind() != concejo::ErrorKind::not_found) throw;
            digests_.clear();
        }
        digests_first_ = number;
    }
    const auto from = static_cast<std::size_t>((number - digests_first_) * digest_bytes);
    return from < digests_.size() ? digests_.substr(from, digest_bytes) : std::string();
}

bool Reader::list_is_sound() const {
    const auto list_bytes = block_count(content_bytes_) * digest_bytes;
    std::string list;
    try {
        list = store_->shelf().read_blocks(key_, 0, BlockListHead::size + list_bytes + 1);
    } catch (const concejo::Error& error) {
        if (error.kind() != concejo::ErrorKind::not_found) throw;
    }
    const auto head = BlockListHead::parse(list);
    return head && head->content_bytes == content_bytes_ && list.size() == BlockListHead::size + list_bytes &&
           base::sha256(std::string_view(list).substr(BlockListHead::size)) == head->list_digest;
}

}  // namespace kernel::blobs
