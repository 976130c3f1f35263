#include "plugins/evidence/log/tiles.hpp"
#include "plugins/evidence/log/tree.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace evidence::log;

TEST_CASE("paths of tiles as tlog-tiles.md writes them") {
    CHECK(format({false, 0, 1234067, 256}) == "tile/0/x001/x234/067");
    CHECK(format({false, 0, 273, 112}) == "tile/0/273.p/112");
    CHECK(format({true, 0, 0, 1}) == "tile/entries/000.p/1");
    CHECK(parse_tile_path("tile/63/x001/x234/067.p/255") == TilePath{false, 63, 1234067, 255});
    CHECK(parse_tile_path("tile/entries/x999/999") == TilePath{true, 0, 999999, 256});
    for (const auto* path : {"",
                             "tile",
                             "tile/",
                             "tile/0",
                             "tile/0/",
                             "tile/0/1",
                             "tile/0/0001",
                             "tile/00/001",
                             "tile/64/001",
                             "tile/-1/001",
                             "tile/0/x000/001",
                             "tile/0/001/002",
                             "tile/0/x001",
                             "tile/0/001.p/0",
                             "tile/0/001.p/256",
                             "tile/0/001.p/01",
                             "tile/0/001.p/",
                             "tile/0/001/",
                             "tile/0/0a1",
                             "/tile/0/001",
                             "tile/entries/1",
                             "tile/x/001",
                             "tile/0/x111/x111/x111/x111/x111/x111/x111/111"}) {
        INFO(path);
        CHECK_FALSE(parse_tile_path(path));
    }
}

TEST_CASE("a tree of 70,000 has the tiles that tlog-tiles.md counts") {
    std::size_t full0 = 0, full1 = 0;
    std::vector<std::string> partial;
    for (const auto& tile : new_tiles(0, 70000)) {
        if (tile.entries) continue;
        if (tile.width != 256)
            partial.push_back(format(tile));
        else
            ++(tile.level == 0 ? full0 : full1);
    }
    CHECK(full0 == 273);
    CHECK(full1 == 1);
    CHECK(partial == std::vector<std::string>{"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"});
    std::vector<std::string> of256;
    for (const auto& tile : new_tiles(0, 256)) of256.push_back(format(tile));
    CHECK(of256 == std::vector<std::string>{"tile/0/000", "tile/entries/000", "tile/1/000.p/1"});
}

TEST_CASE("a monitor rebuilds roots and proofs from files alone, which never change") {
    std::mt19937_64 random(1);
    MemoryStore store;
    Appender log(store, 0);
    std::map<std::string, std::string> files;
    for (std::uint64_t published = 0; published < 70000;) {
        const auto more = published + 1 + random() % 9000;
        while (log.size() < more) log.append(leaf_hash(std::to_string(log.size())));
        for (const auto& tile : new_tiles(published, more))
            if (!tile.entries) CHECK(files.emplace(format(tile), tile_bytes(store, tile)).second);
        published = more;
        const TileReader reader(published, [&](const std::string& path) { return files.at(path); });
        Tree tree(reader, published);
        REQUIRE(tree.root() == log.root());
        const auto index = random() % published;
        CHECK(verify_inclusion(index, published, leaf_hash(std::to_string(index)),
                               tree.inclusion(index, published), log.root()));
    }
}

TEST_CASE("a tile of another length is an error, not a root") {
    MemoryStore store;
    Appender log(store, 0);
    for (int i = 0; i < 300; ++i) log.append(leaf_hash("x"));
    const TileReader cut(
        300, [&](const std::string& path) { return tile_bytes(store, *parse_tile_path(path)).substr(1); });
    CHECK_THROWS_AS(Tree(cut, 300).root(), concejo::Error);
    const TileReader reader(300, [](const std::string&) { return std::string(); });
    CHECK_THROWS_AS(reader.hashes(0, 300, 1), concejo::Error);
    CHECK_THROWS_AS(reader.hashes(9, 0, 1), concejo::Error);
    CHECK_THROWS_AS(reader.hashes(0, 250, 20), concejo::Error);
}

TEST_CASE("entries of a bundle") {
    const std::vector<std::string> entries = {"", "a", std::string(65535, 'x')};
    const auto bytes = entry_bundle(entries);
    CHECK(bytes.substr(0, 5) == std::string("\0\0\0\1a", 5));
    CHECK(parse_entry_bundle(bytes) == entries);
    CHECK_THROWS_AS(entry_bundle({std::string(65536, 'x')}), concejo::Error);
    CHECK_FALSE(parse_entry_bundle(""));
    for (const std::size_t size : {1UL, 4UL, 6UL, bytes.size() - 1})
        CHECK_FALSE(parse_entry_bundle(bytes.substr(0, size)));
    CHECK_FALSE(parse_entry_bundle(std::string(257 * 2, '\0')));
}
