#include "kernel/blobs/block_list.hpp"

#include <algorithm>

namespace kernel::blobs {
namespace {

constexpr std::string_view magic = "concejo bloques1";  // 16 bytes

std::string little_endian(std::uint64_t number) {
    std::string bytes(8, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(number & 0xff), number >>= 8;
    return bytes;
}

std::uint64_t number_at(std::string_view bytes, std::size_t place) {
    std::uint64_t number = 0;
    for (std::size_t i = 8; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[place + i]);
    return number;
}

}  // namespace

void Digests::update(std::string_view bytes) {
    whole_.update(bytes);
    total_ += bytes.size();
    while (!bytes.empty()) {
        const auto mine = bytes.substr(0, block_bytes - in_block_);
        block_.update(mine);
        in_block_ += mine.size();
        bytes.remove_prefix(mine.size());
        if (in_block_ == block_bytes) end_block();
    }
}

void Digests::end_block() {
    list_ += block_.finish();
    block_ = base::Sha256();
    in_block_ = 0;
}

Digests::Result Digests::finish() {
    Result result;
    if (in_block_ > 0) end_block();
    if (total_ > block_bytes) result.blocks = BlockListHead{total_, base::sha256(list_)}.text() + list_;
    result.id = whole_.finish_hex();
    return result;
}

std::string BlockListHead::text() const {
    return std::string(magic) + little_endian(block_bytes) + little_endian(content_bytes) + list_digest;
}

std::optional<BlockListHead> BlockListHead::parse(std::string_view bytes) {
    if (bytes.size() < size || bytes.substr(0, magic.size()) != magic || number_at(bytes, 16) != block_bytes)
        return std::nullopt;
    return BlockListHead{number_at(bytes, 24), std::string(bytes.substr(32, digest_bytes))};
}

}  // namespace kernel::blobs
