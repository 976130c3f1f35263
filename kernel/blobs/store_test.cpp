#include "kernel/blobs/store.hpp"
#include "kernel/base/files.hpp"
#include "tests/support/postgres.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <fstream>

using concejo::ErrorKind;
using kernel::blobs::Store;

namespace {

struct Shelf {
    kernel::base::TempDir dir{"blobs"};
    Store store{dir.path() / "ficheros"};
    std::unique_ptr<kernel::db::Pool> pool = tests::cluster().pool(4);
    kernel::db::Tenant one = tests::cluster().tenant("blobs_1"), other = tests::cluster().tenant("blobs_2");

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
    static void make_old(const std::filesystem::path& path) {
        const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
        REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
    }
};

template <class F>
ErrorKind kind_of(F&& work) {
    try {
        work();
    } catch (const concejo::Error& error) {
        return error.kind();
    }
    FAIL("it was allowed");
    return {};
}

}  // namespace

TEST_CASE("a file is found by the sha-256 of its content") {
    Shelf shelf;
    const auto blob = shelf.put("abc");
    CHECK(blob.id ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4, appendix B.1
    CHECK(blob.bytes == 3);
    CHECK(shelf.store.open(shelf.one, blob.id).bytes == 3);
    CHECK(shelf.store.verify(shelf.one, blob.id));
    CHECK(shelf.put("abc").id == blob.id);
    std::string part;
    shelf.store.read(shelf.one, blob.id, 1, 100, [&](std::string_view piece) { part += piece; });
    CHECK(part == "bc");
    CHECK(tests::cluster().superuser(
              "select bytes from concejo.blobs where tenant = 'blobs_1' and id like 'ba7816bf%'") == "3");
}

TEST_CASE("another municipality has no such file") {
    Shelf shelf;
    const auto blob = shelf.put("secreto de uno");
    CHECK(kind_of([&] { shelf.store.open(shelf.other, blob.id); }) == ErrorKind::not_found);
    CHECK(kind_of([&] { shelf.store.open(shelf.one, "../../../etc/passwd"); }) == ErrorKind::invalid);
    CHECK(kind_of([&] { shelf.store.open(shelf.one, std::string(64, 'A')); }) == ErrorKind::invalid);
}

TEST_CASE("one flipped bit is noticed") {
    Shelf shelf;
    const auto blob = shelf.put(std::string(200'000, 'x'));
    CHECK(shelf.store.verify(shelf.one, blob.id));
    const auto path = shelf.store.open(shelf.one, blob.id).path;
    CHECK(::chmod(path.c_str(), 0600) == 0);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(150'000);
    file.put('x' ^ 1);
    file.close();
    CHECK_FALSE(shelf.store.verify(shelf.one, blob.id));
}

TEST_CASE("only old files that no committed row names are swept") {
    Shelf shelf;
    const auto kept = shelf.put("registrado"), orphan = shelf.put("deshecho", false),
               young = shelf.put("reciente", false);
    Shelf::make_old(shelf.store.open(shelf.one, kept.id).path);
    Shelf::make_old(shelf.store.open(shelf.one, orphan.id).path);
    CHECK(shelf.store.sweep(*shelf.pool, shelf.one) == 1);
    CHECK_NOTHROW(shelf.store.open(shelf.one, kept.id));
    CHECK_NOTHROW(shelf.store.open(shelf.one, young.id));
    CHECK(kind_of([&] { shelf.store.open(shelf.one, orphan.id); }) == ErrorKind::not_found);
    // Put again by a transaction still open when the sweep comes:
    shelf.put("otra vez", false);
    const auto path = shelf.store.open(shelf.one, shelf.put("otra vez", false).id).path;
    Shelf::make_old(path);
    auto tx = shelf.pool->begin(shelf.one);
    shelf.store.put_file(tx, shelf.file("otra vez"));
    CHECK(shelf.store.sweep(*shelf.pool, shelf.one) == 0);
    tx.commit();
    CHECK(std::filesystem::exists(path));
}

TEST_CASE("an interrupted put leaves nothing") {
    Shelf shelf;
    auto tx = shelf.pool->begin(shelf.one);
    int pieces = 0;
    CHECK_THROWS(shelf.store.put(tx, [&]() -> std::string_view {
        if (++pieces > 2) throw std::runtime_error("the client left");
        return "some";
    }));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shelf.store.root()))
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
