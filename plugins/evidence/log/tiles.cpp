#include "plugins/evidence/log/tiles.hpp"

#include "plugins/evidence/log/decimal.hpp"

#include <concejo/error.hpp>

namespace evidence::log {
namespace {

std::string three_digits(std::uint64_t value) {
    auto text = std::to_string(value);
    return std::string(3 - text.size(), '0') + text;
}

/// Takes "x001/x234/067" off the beginning. Only the way `format` writes it is right: the caller compares.
std::optional<std::uint64_t> take_index(std::string_view& path) {
    std::uint64_t index = 0;
    for (int elements = 0; elements < 6; ++elements) {
        const bool more = path.starts_with('x');
        if (more) path.remove_prefix(1);
        if (path.size() < 3) return std::nullopt;
        for (const char c : path.substr(0, 3)) {
            if (c < '0' || c > '9') return std::nullopt;
            index = index * 10 + static_cast<std::uint64_t>(c - '0');
        }
        path.remove_prefix(3);
        if (!more) return index;
        if (!path.starts_with('/')) return std::nullopt;
        path.remove_prefix(1);
    }
    return std::nullopt;
}

}  // namespace

std::string format(const TilePath& tile) {
    std::string number = three_digits(tile.index % 1000);
    for (auto rest = tile.index / 1000; rest != 0; rest /= 1000)
        number = "x" + three_digits(rest % 1000) + "/" + number;
    std::string path = "tile/" + (tile.entries ? "entries" : std::to_string(tile.level)) + "/" + number;
    if (tile.width != 256) path += ".p/" + std::to_string(tile.width);
    return path;
}

std::optional<TilePath> parse_tile_path(std::string_view path) {
    const auto whole = path;
    TilePath tile;
    if (!path.starts_with("tile/")) return std::nullopt;
    path.remove_prefix(5);
    const auto kind = path.substr(0, path.find('/'));
    if (kind.size() == path.size()) return std::nullopt;
    path.remove_prefix(kind.size() + 1);
    tile.entries = kind == "entries";
    if (!tile.entries) {
        const auto level = parse_decimal(kind);
        if (!level || *level > 63) return std::nullopt;
        tile.level = static_cast<unsigned>(*level);
    }
    const auto index = take_index(path);
    if (!index) return std::nullopt;
    tile.index = *index;
    if (path.starts_with(".p/")) {
        const auto width = parse_decimal(path.substr(3));
        if (!width || *width < 1 || *width > 255) return std::nullopt;
        tile.width = static_cast<unsigned>(*width);
    } else if (!path.empty()) {
        return std::nullopt;
    }
    if (format(tile) != whole) return std::nullopt;
    return tile;
}

std::vector<TilePath> new_tiles(std::uint64_t from, std::uint64_t size) {
    std::vector<TilePath> tiles;
    for (unsigned level = 0; level < 8 && size >> (8 * level); ++level) {
        const std::uint64_t before = from >> (8 * level), count = size >> (8 * level);
        if (before == count) break;  // nor anything above
        for (std::uint64_t index = before / 256; index * 256 < count; ++index) {
            const auto width = static_cast<unsigned>(std::min<std::uint64_t>(count - index * 256, 256));
            tiles.push_back({false, level, index, width});
            if (level == 0) tiles.push_back({true, 0, index, width});
        }
    }
    return tiles;
}

std::string tile_bytes(const NodeReader& store, const TilePath& tile) {
    std::string bytes;
    bytes.reserve(tile.width * 32);
    for (const auto& hash : store.hashes(tile.level, tile.index * 256, tile.width))
        bytes += crypto::view(hash);
    return bytes;
}

std::string entry_bundle(const std::vector<std::string>& entries) {
    std::string bytes;
    for (const auto& entry : entries) {
        if (entry.size() > 0xFFFF)
            throw concejo::Error(concejo::ErrorKind::invalid, "log: an entry of 64 KiB or more");
        bytes += static_cast<char>(entry.size() >> 8);
        bytes += static_cast<char>(entry.size() & 0xFF);
        bytes += entry;
    }
    return bytes;
}

std::optional<std::vector<std::string>> parse_entry_bundle(std::string_view bytes) {
    std::vector<std::string> entries;
    while (!bytes.empty()) {
        if (bytes.size() < 2 || entries.size() == 256) return std::nullopt;
        const std::size_t size =
            static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1]);
        bytes.remove_prefix(2);
        if (size > bytes.size()) return std::nullopt;
        entries.emplace_back(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    if (entries.empty()) return std::nullopt;
    return entries;
}

std::vector<Digest> TileReader::hashes(unsigned level, std::uint64_t first, std::size_t count) const {
    const std::uint64_t there = level < 8 ? size_ >> (8 * level) : 0, index = first / 256;
    const auto fail = [] {
        throw concejo::Error(concejo::ErrorKind::internal, "log: a tile is missing or wrong");
    };
    if (first >= there || count > there - first || first % 256 + count > 256) fail();
    const auto width = static_cast<unsigned>(std::min<std::uint64_t>(there - index * 256, 256));
    const auto bytes = get_(format({false, level, index, width}));
    if (bytes.size() != width * 32U) fail();
    std::vector<Digest> hashes(count);
    auto from = bytes.begin() + static_cast<std::ptrdiff_t>(first % 256 * 32);
    for (auto& hash : hashes) {
        std::copy(from, from + 32, hash.begin());
        from += 32;
    }
    return hashes;
}

}  // namespace evidence::log
