#include "kernel/blobs/uploads.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/files.hpp"
#include "kernel/blobs/appender.hpp"
#include "kernel/blobs/checked_chunk.hpp"
#include "kernel/blobs/collector.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/refusal.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <fstream>
#include <random>

namespace kernel::blobs {
namespace {

using concejo::ErrorKind;
using tests::kind_of;

struct Place {
    base::TempDir dir{"uploads"};
    std::uint64_t quota = 0;
    Store store{options()};
    Uploads uploads{store, dir.path() / "uploads", {1u << 20, 3, std::chrono::hours(24)}};
    std::unique_ptr<db::Pool> pool = tests::cluster().pool(8);
    db::Tenant town = tests::cluster().tenant("uploads_1");

    ~Place() {
        for (const char* table : {"uploads", "blob_uses", "blobs"})
            sql(std::string("delete from concejo.") + table);
    }
    StoreOptions options() {
        StoreOptions options;
        options.root = dir.path() / "blobs";
        options.quota = [this](const std::string&) { return quota; };
        return options;
    }
    void sql(const std::string& change) {
        tests::cluster().superuser("with x as (" + change +
                                   " where tenant = 'uploads_1' returning 1) select count(*) from x");
    }
    Upload create(std::optional<std::uint64_t> bytes, const std::string& owner = "user:ana",
                  const std::string& metadata = {}) {
        return uploads.create(*pool, town.id, owner, bytes, metadata);
    }
    void append(const Upload& upload, std::uint64_t offset, std::string_view bytes) {
        Appender(uploads.file(town.id, upload.id), offset).write(bytes);
    }
    Upload settle(const Upload& upload) { return uploads.settle(*pool, town.id, "user:ana", upload.id); }
    std::optional<Upload> find(const Upload& upload, const std::string& owner = "user:ana") {
        return uploads.find(*pool, town.id, upload.id, owner);
    }
    Taken take(const Upload& upload, const std::string& owner = "user:ana", bool commit = true) {
        auto tx = pool->begin(town);
        auto taken = uploads.take(tx, upload.id, owner, "sede");
        if (commit) tx.commit();
        return taken;
    }
    std::string text(const std::string& id) {
        std::string all;
        store.read(town, id, 0, ~0ull, [&](std::string_view piece) { all += piece; });
        return all;
    }
};

std::string metadata(const std::string& key, const std::string& value) {
    return key + " " + base::base64(value);
}

TEST_CASE("an upload grows, becomes a content, and a plugin takes it over") {
    Place place;
    const auto upload = place.create(
        11, "user:ana", metadata("filename", "Acta «nº 3».pdf") + "," + metadata("filetype", "text/plain"));
    place.append(upload, 0, "hello ");
    CHECK(place.find(upload)->offset == 6);
    CHECK(kind_of([&] { place.take(upload); }) == ErrorKind::conflict);
    place.append(upload, 6, "world");
    const auto done = place.settle(upload);
    CHECK(done.complete());
    // sha256sum of "hello world"
    CHECK(done.blob == "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
    CHECK(place.find(upload)->complete());
    place.take(upload, "user:ana", false);  // rolled back: it can still be taken
    const auto taken = place.take(upload);
    CHECK(taken.blob.id == done.blob);
    CHECK(taken.blob.bytes == 11);
    CHECK(taken.blob.media_type == "text/plain");
    CHECK(taken.filename == "Acta «nº 3».pdf");
    CHECK(place.text(taken.blob.id) == "hello world");
    CHECK(kind_of([&] { place.take(upload); }) == ErrorKind::not_found);
    CHECK_FALSE(place.find(upload));
    CHECK(std::filesystem::is_empty(place.dir.path() / "uploads" / "uploads_1"));
    CHECK(tests::cluster().superuser(
              "select plugin || ' ' || uses from concejo.blob_uses where tenant = 'uploads_1'") == "sede 1");
}

TEST_CASE("a worker that died after the last byte leaves an upload that can be taken") {
    Place place;
    const auto upload = place.create(5);
    place.append(upload, 0, "todos");  // and no settle()
    CHECK(place.find(upload)->complete());
    CHECK(place.text(place.take(upload).blob.id) == "todos");
    place.uploads.remove_expired(*place.pool, place.town.id);
}

TEST_CASE("an upload is its owner's, of that municipality") {
    Place place;
    const auto upload = place.create(5);
    CHECK_FALSE(place.find(upload, "user:eva"));
    CHECK_FALSE(place.uploads.terminate(*place.pool, place.town.id, "user:eva", upload.id));
    const auto other = tests::cluster().tenant("uploads_2");
    CHECK_FALSE(place.uploads.find(*place.pool, other.id, upload.id, "user:ana"));
    place.append(upload, 0, "todos");
    place.settle(upload);
    CHECK(kind_of([&] { place.take(upload, "user:eva"); }) == ErrorKind::not_found);
    CHECK_FALSE(place.uploads.find(*place.pool, place.town.id, "../../etc/passwd", "user:ana"));
    CHECK(place.take(upload, "system:jobs").blob.bytes == 5);
}

TEST_CASE("limits: size, number, quota with what is announced") {
    Place place;
    CHECK(kind_of([&] { place.create((1u << 20) + 1); }) == ErrorKind::invalid);
    place.quota = 2u << 20;
    const auto first = place.create(1u << 20);
    place.create((1u << 20) - 10);
    CHECK(kind_of([&] { place.create(11); }) == ErrorKind::conflict);
    CHECK_NOTHROW(place.create(10));
    place.quota = 0;
    CHECK(kind_of([&] { place.create(1); }) == ErrorKind::unavailable);  // three at a time
    CHECK_NOTHROW(place.create(1, "user:eva"));
    CHECK(place.uploads.terminate(*place.pool, place.town.id, "user:ana", first.id));
    CHECK_NOTHROW(place.create(1));
}

TEST_CASE("an expired upload goes, and a finished one that nobody took, with its content a day later") {
    Place place;
    const auto begun = place.create(5), finished = place.create(5), live = place.create(5);
    place.append(finished, 0, "todos");
    const auto blob = place.settle(finished).blob;
    collect(place.store, *place.pool, place.town.id, std::chrono::seconds(-5));
    CHECK(place.text(blob) == "todos");  // an upload holds it
    tests::cluster().superuser(
        "with x as (update concejo.uploads set expires_at = now() - interval '1 second' where id <> '" +
        live.id + "' returning 1) select count(*) from x");
    CHECK(place.find(begun)->expired);
    CHECK(kind_of([&] { place.take(finished); }) == ErrorKind::not_found);
    CHECK(place.uploads.remove_expired(*place.pool, place.town.id) == 2);
    CHECK_FALSE(place.find(begun));
    CHECK(place.find(live));
    CHECK(collect(place.store, *place.pool, place.town.id, std::chrono::seconds(-5)).contents == 1);
    CHECK(kind_of([&] { place.store.open(place.town, blob); }) == ErrorKind::not_found);
}

TEST_CASE("only one stretch is in line, however many are open") {
    Place place;
    const auto upload = place.create(100);
    const auto path = place.uploads.file(place.town.id, upload.id);
    Appender late(path, 0), early(path, 0);
    early.write("uno");
    CHECK(kind_of([&] { late.write("otro"); }) == ErrorKind::conflict);
    CHECK(kind_of([&] { Appender(path, 2); }) == ErrorKind::conflict);
    Appender next(path, 3);
    next.write("dos");
    CHECK(kind_of([&] { early.write("tarde"); }) == ErrorKind::conflict);
    close_for_appending(path);
    CHECK(kind_of([&] { next.write("cerrado"); }) == ErrorKind::conflict);
    CHECK(durable_size(path) == 6);
}

TEST_CASE("random cuts and overtaken stretches end in the bytes that were sent") {
    Place place;
    std::minstd_rand random(3);
    std::string all(200'000, '\0');
    for (auto& c : all) c = static_cast<char>(random());
    const auto upload = place.create(all.size());
    const auto path = place.uploads.file(place.town.id, upload.id);
    std::vector<std::unique_ptr<Appender>> old;
    while (durable_size(path) < all.size()) {
        const auto at = durable_size(path);
        auto now = std::make_unique<Appender>(path, at);
        now->write(std::string_view(all).substr(at, 1 + random() % 9000));
        for (auto& one : old) CHECK_THROWS(one->write("x"));
        old.clear();
        // Cut off here; its connection still stands when the client comes back, and wakes up when it has gone
        // on.
        if (random() % 2 == 0) old.push_back(std::move(now));
        if (random() % 4 == 0) {
            const auto there = durable_size(path);
            Appender(path, there).write(std::string_view(all).substr(there, 1));
        } else {
            old.clear();
        }
    }
    const auto done = place.settle(upload);
    CHECK(place.text(done.blob) == all);
}

TEST_CASE("a chunk with a checksum is added whole or not at all") {
    Place place;
    const auto upload = place.create(100);
    const auto path = place.uploads.file(place.town.id, upload.id);
    const auto checksum =
        Checksum::parse("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=");  // tus's example: "hello world"
    REQUIRE(checksum);
    {
        CheckedChunk right(path, *checksum), wrong(path, *checksum);
        right.write("hello ");
        right.write("world");
        wrong.write("hello worlds");
        CHECK_FALSE(wrong.append_to(path, 0));
        CHECK(durable_size(path) == 0);
        CHECK(right.append_to(path, 0));
        CHECK(durable_size(path) == 11);
    }
    for (const auto* bad :
         {"", "sha1", "sha1 AAAA", "md4 AAAA", "SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha1  x"})
        CHECK_FALSE(Checksum::parse(bad));
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path.parent_path()))
        ++files;
    CHECK(files == 1);
}

TEST_CASE("metadata of any shape is read or left") {
    CHECK(metadata_value("a YQ==,filename Zg==", "filename") == "f");
    CHECK(metadata_value("a YQ==, filename Zg==", "filename") == "f");
    CHECK(metadata_value("filename", "filename") == "");
    CHECK_FALSE(metadata_value("filename2 Zg==", "filename"));
    CHECK_FALSE(metadata_value("filename ***", "filename"));
    std::minstd_rand random(5);
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (auto n = random() % 40; n > 0; --n) text += "filename, =YQ\x01\xff"[random() % 15];
        metadata_value(text, "filename");
        Checksum::parse(text);
    }
}

}  // namespace
}  // namespace kernel::blobs
