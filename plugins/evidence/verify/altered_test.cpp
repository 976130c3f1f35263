#include "plugins/evidence/testing/sample.hpp"
#include "plugins/evidence/verify/verify.hpp"
#include "tests/support/shell.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace evidence::verify;
using namespace evidence::testing;
using tests::Folder;
using tests::read_file;
using tests::run;

namespace {

int code(std::string_view bytes) {
    static const Judge judge = openssl_judge({});
    return verify(bytes, {}, judge).exit_code();
}

}  // namespace

// Without any key given: not even then may an altered file pass for intact.
TEST_CASE("one byte changed at every position, and every length, is refused") {
    SampleLog log;
    const auto good = make(log, some_contents(log, "x", a_publication("x"), {}, 2, 1));
    REQUIRE(code(good) == 0);
    std::mt19937_64 random(99);
    std::size_t refused = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const int flip : {1, 0x80, static_cast<int>(1 + random() % 255)}) {
            auto other = good;
            other[i] = static_cast<char>(other[i] ^ flip);
            const int found = code(other);
            if (found != 1 && found != 2) FAIL("byte " << i << " ^ " << flip);
            ++refused;
        }
        if (code(std::string_view(good).substr(0, i)) == 0) FAIL("cut at " << i);
        if (code(std::string_view(good).substr(i + 1)) == 0) FAIL("begun after " << i);
    }
    CHECK(refused == 3 * good.size());
}

TEST_CASE("bytes added before, after and inside, and the file within others, are refused") {
    SampleLog log;
    const auto good = make(log, some_contents(log)), other = make(log, some_contents(log, "otro documento"));
    for (const auto& bytes :
         {good + "x", good + std::string(1, '\0'), "x" + good, std::string("#!/bin/sh\n") + good, good + good,
          good + other, other.substr(0, other.size() - 22) + good, good.substr(0, good.size() - 1) + "\1x",
          std::string()})
        CHECK(code(bytes) != 0);
    std::mt19937_64 random(4);
    for (int round = 0; round < 2000; ++round) {
        auto bytes = good;
        for (auto changes = 1 + random() % 4; changes > 0; --changes) {
            const auto at = random() % bytes.size(), size = random() % 40;
            switch (random() % 3) {
                case 0:
                    bytes.insert(at, other.substr(random() % other.size(), size));
                    break;
                case 1:
                    bytes.erase(at, size);
                    break;
                default:
                    bytes.replace(at, size, other.substr(random() % other.size(), size));
            }
        }
        if (bytes != good && bytes != other && code(bytes) == 0) FAIL("round " << round);
    }
}

TEST_CASE("the same files packed by other programs are refused") {
    SampleLog log;
    const Folder folder;
    folder.write("b.zip", make(log, some_contents(log)));
    const std::string names =
        "LEEME.txt clave.pem documento.pdf hoja-001.json hoja-001.tlog-proof metadatos.json "
        "punto-de-control.txt sal.bin manifiesto.sha256 manifiesto.firma";
    REQUIRE(run("cd " + folder.path() + " && unzip -q b.zip").code == 0);
    for (const auto* maker :
         {"zip -q -0 -X o.zip ", "zip -q -9 -X o.zip ", "zip -q -0 -X -fz o.zip ", "zip -q -0 o.zip "}) {
        REQUIRE(run("cd " + folder.path() + " && rm -f o.zip && " + maker + names).code == 0);
        CHECK(code(read_file(folder / "o.zip")) == 1);
    }
}
