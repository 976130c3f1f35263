// The files of c2sp.org/tlog-tiles: tile/<L>/<N>[.p/<W>] with hashes, tile/entries/<N>[.p/<W>] with what was
// logged. A file once written never changes, so anybody may copy, cache and serve it.
#pragma once

#include "plugins/evidence/log/store.hpp"

#include <functional>
#include <optional>
#include <string>

namespace evidence::log {

struct TilePath {
    bool entries = false;
    unsigned level = 0;  ///< 0 … 63; 0 for entries
    std::uint64_t index = 0;
    unsigned width = 256;  ///< 1 … 255: a partial one

    bool operator==(const TilePath&) const = default;
};

std::string format(const TilePath& tile);  ///< relative to the log's prefix
std::optional<TilePath> parse_tile_path(std::string_view path);

/// What a checkpoint of `size` leaves needs and one of `from` did not: files to write before it is served.
std::vector<TilePath> new_tiles(std::uint64_t from, std::uint64_t size);

/// The bytes of a tile of hashes. Throws what the store throws.
std::string tile_bytes(const NodeReader& store, const TilePath& tile);

/// Entries with their length before each, big-endian uint16. Throws Error{invalid} for one of 64 KiB or more.
std::string entry_bundle(const std::vector<std::string>& entries);
std::optional<std::vector<std::string>> parse_entry_bundle(std::string_view bytes);  ///< 1 … 256 entries

/// Reads the hashes of a tree of `size` leaves out of tiles, from a folder or another installation. They
/// prove nothing until root() is compared with a signed checkpoint's.
class TileReader : public NodeReader {
public:
    using Get = std::function<std::string(const std::string& path)>;  ///< the file's bytes; throws without it
    TileReader(std::uint64_t size, Get get) : size_(size), get_(std::move(get)) {}

    /// Within one tile.
    std::vector<Digest> hashes(unsigned level, std::uint64_t first, std::size_t count) const override;

private:
    std::uint64_t size_;
    Get get_;
};

}  // namespace evidence::log
