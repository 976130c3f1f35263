#include "kernel/blobs/store.hpp"
#include "kernel/base/files.hpp"
#include "kernel/blobs/collector.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/refusal.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

using concejo::ErrorKind;
using kernel::blobs::Store;
using tests::kind_of;

namespace {

struct Place {
    kernel::base::TempDir dir{"blobs"};
    std::vector<kernel::blobs::Damage> damages;
    std::uint64_t quota = 0;
    Store store{options()};
    std::unique_ptr<kernel::db::Pool> pool = tests::cluster().pool(8);
    kernel::db::Tenant one = tests::cluster().tenant("blobs_1"), other = tests::cluster().tenant("blobs_2");

    ~Place() {
        for (const char* table : {"uploads", "blob_uses", "blobs"})
            tests::cluster().superuser(
                std::string("with gone as (delete from concejo.") + table +
                " where tenant like 'blobs\\_%' returning 1) select count(*) from gone");
    }
    kernel::blobs::StoreOptions options() {
        kernel::blobs::StoreOptions options;
        options.root = dir.path() / "ficheros";
        options.quota = [this](const std::string&) { return quota; };
        options.damaged = [this](const kernel::blobs::Damage& damage) { damages.push_back(damage); };
        return options;
    }
    std::filesystem::path file(const std::string& content) {
        const auto path = dir.path() / "subido";
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    kernel::blobs::Blob put(const std::string& content, bool commit = true, const char* declared = "") {
        auto tx = pool->begin(one);
        auto blob = store.put_file(tx, file(content), declared);
        if (commit) tx.commit();
        return blob;
    }
    template <class F>
    void in_tx(F&& work) {
        auto tx = pool->begin(one);
        work(tx);
        tx.commit();
    }
    std::filesystem::path path(const std::string& id) const {
        return store.root() / one.id / id.substr(0, 2) / id;
    }
    std::string text(const std::string& id, std::uint64_t offset = 0, std::uint64_t length = ~0ull) {
        std::string all;
        store.read(one, id, offset, length, [&](std::string_view piece) { all += piece; });
        return all;
    }
    static void flip(const std::filesystem::path& path, std::streamoff at) {
        REQUIRE(::chmod(path.c_str(), 0600) == 0);
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(at);
        const char was = static_cast<char>(file.get());
        file.seekp(at);
        file.put(static_cast<char>(was ^ 1));
    }
    static void make_old(const std::filesystem::path& path) {
        const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
        REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
    }
    /// As if the last use had gone two days ago.
    void make_unused_old() {
        kernel::blobs::collect(store, *pool, one.id);
        tests::cluster().superuser(
            "with u as (update concejo.blobs set unused_since = unused_since - interval '2 days' where "
            "tenant = 'blobs_1' and unused_since is not null returning 1) select count(*) from u");
    }
};

/// Bytes that differ from block to block.
std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + (i >> 16) * 7);
    return bytes;
}

}  // namespace

TEST_CASE("a file is found by the sha-256 of its content") {
    Place place;
    const auto blob = place.put("abc");
    CHECK(blob.id ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4, appendix B.1
    CHECK(blob.bytes == 3);
    CHECK(place.store.open(place.one, blob.id).bytes == 3);
    CHECK(place.store.verify(place.one, blob.id));
    CHECK(place.put("abc").id == blob.id);
    CHECK(place.text(blob.id, 1, 100) == "bc");
    CHECK(tests::cluster().superuser(
              "select bytes from concejo.blobs where tenant = 'blobs_1' and id like 'ba7816bf%'") == "3");
}

TEST_CASE("another municipality has no such file") {
    Place place;
    const auto blob = place.put("secreto de uno");
    CHECK(kind_of([&] { place.store.open(place.other, blob.id); }) == ErrorKind::not_found);
    CHECK(kind_of([&] { place.store.open(place.one, "../../../etc/passwd"); }) == ErrorKind::invalid);
    CHECK(kind_of([&] { place.store.open(place.one, std::string(64, 'A')); }) == ErrorKind::invalid);
    auto tx = place.pool->begin(place.other);
    CHECK(kind_of([&] { place.store.keep(tx, blob.id, "x"); }) == ErrorKind::not_found);
}

TEST_CASE("any part of a content is what was put") {
    Place place;
    const auto all = pattern(300'001);
    const auto id = place.put(all).id;
    CHECK(place.text(id) == all);
    std::minstd_rand random(7);
    for (int i = 0; i < 200; ++i) {
        const auto offset = random() % 300'100, length = random() % 140'000;
        INFO(offset << " + " << length);
        CHECK(place.text(id, offset, length) == (offset < all.size() ? all.substr(offset, length) : ""));
    }
    for (const std::uint64_t size : {0u, 1u, 65'535u, 65'536u, 65'537u, 131'072u}) {
        const auto some = pattern(size);
        CHECK(place.text(place.put(some).id) == some);
    }
}

TEST_CASE("one flipped bit is noticed, reported and never handed out") {
    Place place;
    const auto all = pattern(300'000);
    const auto id = place.put(all).id;
    Place::flip(place.path(id), 150'000);  // in the third block of 64 KiB
    CHECK(place.text(id, 0, 131'072) == all.substr(0, 131'072));
    CHECK(place.text(id, 196'608, 1000) == all.substr(196'608, 1000));
    CHECK(place.damages.empty());
    std::string got;
    CHECK(kind_of([&] { place.store.read(place.one, id, 0, ~0ull, [&](auto piece) { got += piece; }); }) ==
          ErrorKind::internal);
    CHECK(got == all.substr(0, 131'072));  // the blocks before it, and no byte of it
    CHECK(kind_of([&] { place.text(id, 131'072, 1); }) == ErrorKind::internal);  // another byte of that block
    REQUIRE(place.damages.size() == 2);
    CHECK(place.damages.front().tenant == "blobs_1");
    CHECK(place.damages.front().what == "bloque 3 de 5");
    CHECK_FALSE(place.store.verify(place.one, id));
    CHECK(kind_of([&] { place.store.local(place.one, id); }) == ErrorKind::internal);
    // Whoever brings it again makes it whole.
    CHECK(place.put(all).id == id);
    CHECK(place.text(id) == all);
    CHECK(place.store.verify(place.one, id));
}

TEST_CASE("contents of one block, cut and lengthened ones") {
    Place place;
    const auto small = place.put("una sola pieza").id, cut = place.put(pattern(200'000)).id,
               longer = place.put(pattern(200'001)).id;
    Place::flip(place.path(small), 0);
    CHECK(kind_of([&] { place.text(small); }) == ErrorKind::internal);
    REQUIRE(::chmod(place.path(cut).c_str(), 0600) == 0);
    std::filesystem::resize_file(place.path(cut), 199'999);
    CHECK(kind_of([&] { place.text(cut); }) == ErrorKind::internal);
    REQUIRE(::chmod(place.path(longer).c_str(), 0600) == 0);
    std::filesystem::resize_file(place.path(longer), 200'002);
    CHECK(kind_of([&] { place.text(longer, 196'608); }) == ErrorKind::internal);
    const auto health = kernel::blobs::look(place.store, *place.pool, place.one.id);
    CHECK(health.contents == 3);
    CHECK(health.damaged.size() == 2);  // by their size alone
    CHECK(kernel::blobs::examine(place.store, *place.pool, place.one.id).damaged.size() == 3);
    CHECK(kernel::blobs::look(place.store, *place.pool, place.one.id).damaged.size() == 3);
    std::filesystem::remove(place.path(small));
    CHECK(kernel::blobs::look(place.store, *place.pool, place.one.id).missing == std::vector{small});
}

TEST_CASE("a list of blocks that is damaged or lost is made anew from a whole content") {
    Place place;
    const auto all = pattern(400'000);
    const auto id = place.put(all).id;
    const std::filesystem::path list = place.path(id).string() + ".blocks";
    for (const std::streamoff at : {3, 20, 28, 40, 64 + 5, 64 + 32 * 6 + 1}) {
        Place::flip(list, at);
        CHECK(place.text(id) == all);
    }
    std::filesystem::resize_file(list, 100);
    CHECK(place.text(id, 390'000) == all.substr(390'000));
    std::filesystem::remove(list);
    CHECK(place.text(id) == all);
    CHECK(std::filesystem::exists(list));
    CHECK(place.damages.empty());
    // Both damaged: nothing is handed out.
    Place::flip(list, 64 + 1);
    Place::flip(place.path(id), 1);
    CHECK(kind_of([&] { place.text(id); }) == ErrorKind::internal);
}

TEST_CASE("any byte that changes, anywhere, is never handed out") {
    Place place;
    const auto all = pattern(200'000);
    const auto id = place.put(all).id;
    std::minstd_rand random(11);
    for (int i = 0; i < 60; ++i) {
        const auto at = static_cast<std::streamoff>(random() % all.size());
        Place::flip(place.path(id), at);
        std::string got;
        CHECK_THROWS(place.store.read(place.one, id, 0, ~0ull, [&](auto piece) { got += piece; }));
        CHECK(got == all.substr(0, got.size()));
        CHECK(got.size() <= static_cast<std::size_t>(at));
        Place::flip(place.path(id), at);
    }
    CHECK(place.text(id) == all);
}

TEST_CASE("uses are counted, and only what nobody uses is collected, a day later") {
    Place place;
    const auto id = place.put("dos veces").id;
    place.put("dos veces");
    place.in_tx([&](auto& tx) { place.store.keep(tx, id, "otro"); });
    const auto remove = [&](const char* plugin) {
        place.in_tx([&](auto& tx) { place.store.remove(tx, id, plugin); });
        place.make_unused_old();
        return kernel::blobs::collect(place.store, *place.pool, place.one.id).contents;
    };
    CHECK(remove("kernel") == 0);
    CHECK(remove("kernel") == 0);
    CHECK(kind_of([&] { remove("kernel"); }) == ErrorKind::not_found);
    CHECK(place.text(id) == "dos veces");
    place.in_tx([&](auto& tx) { place.store.remove(tx, id, "otro"); });
    CHECK(kernel::blobs::collect(place.store, *place.pool, place.one.id).contents == 0);  // not yet a day
    CHECK(place.text(id) == "dos veces");
    place.in_tx([&](auto& tx) { place.store.keep(tx, id, "tercero"); });  // taken up again in time
    CHECK(remove("tercero") == 1);
    CHECK(kind_of([&] { place.store.open(place.one, id); }) == ErrorKind::not_found);
    CHECK(tests::cluster().superuser("select count(*) from concejo.blobs where tenant = 'blobs_1'") == "0");
}

TEST_CASE("a removal that is rolled back has not been") {
    Place place;
    const auto id = place.put("sigue").id;
    {
        auto tx = place.pool->begin(place.one);
        place.store.remove(tx, id, "kernel");
    }
    place.make_unused_old();
    CHECK(kernel::blobs::collect(place.store, *place.pool, place.one.id).contents == 0);
    CHECK(place.text(id) == "sigue");
}

TEST_CASE("what no committed row names goes once it is old, and nothing that is being put") {
    Place place;
    const auto kept = place.put("registrado").id, orphan = place.put(pattern(100'000), false).id,
               young = place.put("reciente", false).id;
    for (const auto& id : {kept, orphan}) Place::make_old(place.path(id));
    Place::make_old(place.path(orphan).string() + ".blocks");
    std::ofstream(place.store.root() / "blobs_1" / "new.abc") << "de un proceso que murió";
    Place::make_old(place.store.root() / "blobs_1" / "new.abc");
    const auto gone = kernel::blobs::collect(place.store, *place.pool, place.one.id);
    CHECK(gone.orphans == 1);
    CHECK(gone.unfinished == 1);
    CHECK(place.text(kept) == "registrado");
    CHECK(place.text(young) == "reciente");
    CHECK_FALSE(std::filesystem::exists(place.path(orphan).string() + ".blocks"));
    // An old orphan, put again by a transaction that is still open when the collector comes:
    Place::make_old(place.path(young));
    auto tx = place.pool->begin(place.one);
    place.store.put_file(tx, place.file("reciente"));
    const auto second = kernel::blobs::collect(place.store, *place.pool, place.one.id);
    CHECK(second.busy == 1);
    CHECK(second.orphans == 0);
    tx.commit();
    CHECK(kernel::blobs::collect(place.store, *place.pool, place.one.id).orphans == 0);
    CHECK(place.text(young) == "reciente");
}

TEST_CASE("putting and collecting at the same time never loses a content that a row names") {
    Place place;
    std::atomic<bool> stop = false;
    std::atomic<int> puts = 0;
    std::vector<std::thread> writers;
    for (int w = 0; w < 3; ++w) {
        writers.emplace_back([&, w] {
            std::minstd_rand random(w + 1);
            for (int i = 0; i < 60; ++i) {
                const std::string content = "contenido " + std::to_string(random() % 6);
                try {
                    auto tx = place.pool->begin(place.one);
                    const std::string_view all = content;
                    bool given = false;
                    const auto id =
                        place.store
                            .put(tx, [&] { return std::exchange(given, true) ? std::string_view() : all; })
                            .id;
                    if (random() % 3 == 0) place.store.remove(tx, id, "kernel");
                    if (random() % 4 != 0) tx.commit();
                    ++puts;
                } catch (const kernel::db::DbError& error) {
                    if (!error.transient()) throw;
                }
            }
        });
    }
    std::thread collector([&] {
        // As eager as can be: no grace at all.
        while (!stop)
            kernel::blobs::collect(place.store, *place.pool, place.one.id, std::chrono::seconds(-5));
    });
    for (auto& writer : writers) writer.join();
    stop = true;
    collector.join();
    CHECK(puts > 100);
    const auto health = kernel::blobs::examine(place.store, *place.pool, place.one.id);
    CHECK(health.missing.empty());
    CHECK(health.damaged.empty());
}

TEST_CASE("a municipality has what its quota allows and no more") {
    Place place;
    place.quota = 2u << 20;
    place.put(std::string(1u << 20, 'a'));
    CHECK(place.put(std::string(1u << 20, 'a')).bytes == 1u << 20);  // the same content takes no more room
    try {
        place.put(std::string((1u << 20) + 1, 'b'));
        FAIL("it was allowed");
    } catch (const concejo::Error& error) {
        CHECK(error.kind() == ErrorKind::conflict);
        CHECK(std::string(error.what()).find("ocupa 2 MiB y al municipio le quedan 1 de los 2 MiB") !=
              std::string::npos);
    }
    CHECK_NOTHROW(place.put(std::string(1u << 20, 'b')));
}

TEST_CASE("an interrupted put leaves nothing") {
    Place place;
    auto tx = place.pool->begin(place.one);
    int pieces = 0;
    CHECK_THROWS(place.store.put(tx, [&]() -> std::string_view {
        if (++pieces > 2) throw std::runtime_error("the client left");
        return "some";
    }));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(place.store.root()))
        CHECK(entry.is_directory());
}

TEST_CASE("the content decides the media type") {
    using kernel::blobs::sniff_media_type;
    CHECK(sniff_media_type("%PDF-1.7\n", "text/plain") == "application/pdf");
    CHECK(sniff_media_type("\xef\xbb\xbf\n%PDF-1.4", "") == "application/pdf");
    CHECK(sniff_media_type("MZ\x90", "application/pdf") == "application/octet-stream");
    CHECK(sniff_media_type("hola", "text/plain") == "text/plain");
    CHECK(sniff_media_type("hola") == "application/octet-stream");
    CHECK(sniff_media_type("\x89PNG\r\n\x1a\n....", "image/jpeg") == "image/png");
    CHECK(sniff_media_type(std::string_view("PK\x03\x04", 4), "application/vnd.oasis.opendocument.text") ==
          "application/vnd.oasis.opendocument.text");
}

TEST_CASE("a file copied aside is no content until it is adopted, and goes where it is not") {
    Place place;
    const auto path = place.file(std::string(200'000, 'x'));
    std::filesystem::path aside;
    kernel::blobs::Blob blob;
    {
        const auto fresh = place.store.copy_aside(place.one, path);
        aside = fresh->staged.path;
        CHECK(std::filesystem::file_size(aside) == 200'000);
        CHECK_FALSE(std::filesystem::exists(place.path(fresh->staged.id)));
        place.in_tx([&](auto& tx) { blob = place.store.adopt(tx, fresh->staged, "text/plain", "datos"); });
    }
    CHECK_FALSE(std::filesystem::exists(aside));
    CHECK(place.text(blob.id) == std::string(200'000, 'x'));
    aside = place.store.copy_aside(place.one, place.file("otro"))->staged.path;
    CHECK_FALSE(std::filesystem::exists(aside));
}
