#include "plugins/evidence/bundle/zip.hpp"
#include "tests/support/shell.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace evidence::bundle;
using tests::Folder;
using tests::read_file;
using tests::run;

namespace {

std::string a_zip() {
    return write_zip({{"a.txt", "hola"}, {"vacio", ""}, {"b.bin", std::string_view("\0PK\1\2PK\5\6", 9)}});
}

}  // namespace

TEST_CASE("what is written is read") {
    const auto zip = a_zip();
    const auto files = read_zip(zip);
    REQUIRE(files);
    CHECK(files->size() == 3);
    CHECK((*files)[0] == File{"a.txt", "hola"});
    CHECK((*files)[1] == File{"vacio", ""});
    CHECK((*files)[2].bytes.size() == 9);
}

TEST_CASE("limits and names that other systems would take for a path") {
    for (const auto* name : {"", "../a", "a/b", "a\\b", ".a", "a b", "ñ", "a:b"})
        CHECK_THROWS_AS(write_zip({{name, ""}}), concejo::Error);
    CHECK_THROWS_AS(write_zip({{std::string(81, 'a'), ""}}), concejo::Error);
    CHECK_THROWS_AS(write_zip({}), concejo::Error);
    CHECK_THROWS_AS(write_zip(std::vector<File>(most_files + 1, File{"a", ""})), concejo::Error);
    const std::string large(longest_bundle / 2, 'x');
    CHECK_THROWS_AS(write_zip({{"a", large}, {"b", large}}), concejo::Error);
    CHECK_FALSE(read_zip(std::string(longest_bundle + 1, 'x')));
    CHECK_FALSE(read_zip(""));
}

TEST_CASE("any other value of any byte is another archive or none, and so is any other length") {
    const auto zip = a_zip();
    for (std::size_t i = 0; i < zip.size(); ++i) {
        for (int flip = 1; flip < 256; ++flip) {
            auto other = zip;
            other[i] = static_cast<char>(other[i] ^ flip);
            if (const auto files = read_zip(other))
                FAIL("taken: byte " << i << " ^ " << flip << ", " << files->size());
        }
        CHECK_FALSE(read_zip(zip.substr(0, i)));
        CHECK_FALSE(read_zip(zip.substr(i + 1)));
        CHECK_FALSE(read_zip(zip.substr(0, i) + "x" + zip.substr(i)));
    }
    for (const auto& other :
         {zip + "x", "x" + zip, zip + zip, std::string("#!/bin/sh\n") + zip, zip + std::string(1, '\0')})
        CHECK_FALSE(read_zip(other));
}

// The same contents, as other programs write them: general readers take all of these for the same archive.
TEST_CASE("zip files that other programs make of the same contents are refused") {
    const Folder folder;
    folder.write("a.txt", "hola hola hola hola hola hola hola hola");
    const auto path = folder.path();
    const std::pair<const char*, std::string> makers[] = {
        {"stored by zip, with its extra fields", "zip -q -0 out.zip a.txt"},
        {"stored by zip, without them", "zip -q -0 -X out.zip a.txt"},
        {"compressed", "zip -q -9 out.zip a.txt"},
        {"streamed, with data descriptors", "zip -q -0 - a.txt | cat > out.zip"},
        {"with a comment", "zip -q -0 -X out.zip a.txt && echo comentario | zip -q -z out.zip"},
        {"zip64", "zip -q -0 -X -fz out.zip a.txt"},
        {"self-extracting",
         "zip -q -0 -X in.zip a.txt && { echo '#!/bin/sh'; cat in.zip; } > out.zip && zip -q -A out.zip"},
        {"encrypted", "zip -q -0 -X -P clave out.zip a.txt"},
        {"Python's",
         "python3 -c \"import zipfile; z = zipfile.ZipFile('out.zip', 'w'); z.write('a.txt'); z.close()\""},
    };
    for (const auto& [name, command] : makers) {
        const auto made = run("cd " + path + " && rm -f out.zip && " + command);
        INFO(name << ": " << made.output);
        REQUIRE(made.code == 0);
        CHECK_FALSE(read_zip(read_file(folder / "out.zip")));
    }
    // And the one exception, byte for byte ours: Python's when told every field.
    folder.write("make.py", R"PY(import zipfile
z = zipfile.ZipFile('out.zip', 'w')
i = zipfile.ZipInfo('a.txt')
i.create_system, i.create_version, i.extract_version = 0, 10, 10
z.writestr(i, open('a.txt').read())
z.filelist[0].external_attr = 0
z.close()
)PY");
    const auto made = run("cd " + path + " && python3 make.py");
    INFO(made.output);
    REQUIRE(made.code == 0);
    const std::string bytes = read_file(folder / "out.zip"),
                      ours = write_zip({{"a.txt", read_file(folder / "a.txt")}});
    CHECK(bytes == ours);
}

TEST_CASE("random archives come back; random bytes neither crash nor pass") {
    std::mt19937_64 random(1);
    for (int round = 0; round < 300; ++round) {
        std::vector<std::pair<std::string, std::string>> made;
        for (auto count = 1 + random() % 6; count > 0; --count) {
            std::string bytes(random() % 50, '\0');
            for (auto& byte : bytes) byte = static_cast<char>(random());
            made.emplace_back("f" + std::to_string(random() % 1000), bytes);
        }
        std::vector<File> files;
        for (const auto& [name, bytes] : made) files.push_back({name, bytes});
        auto zip = write_zip(files);
        CHECK(read_zip(zip) == files);
        for (int i = 0; i < 20; ++i) zip[random() % zip.size()] = static_cast<char>(random());
        if (const auto again = read_zip(zip)) CHECK(write_zip(*again) == zip);
    }
}
