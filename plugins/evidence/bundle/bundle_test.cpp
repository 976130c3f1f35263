#include "plugins/evidence/bundle/bundle.hpp"
#include "plugins/evidence/bundle/manifest.hpp"
#include "plugins/evidence/testing/sample.hpp"
#include "tests/support/shell.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace evidence::bundle;
using namespace evidence::testing;
using tests::Folder;
using tests::read_file;
using tests::run;
namespace crypto = evidence::crypto;

namespace {

/// Files of a bundle, to be changed and signed again by the same key.
struct Loose {
    std::vector<std::pair<std::string, std::string>> files;
    explicit Loose(const std::string& bundle) {
        const auto read_back = read(bundle);
        for (const auto& file : read_back.value().files)
            files.emplace_back(std::string(file.name), std::string(file.bytes));
    }
    std::string& operator[](const std::string& name) {
        for (auto& [other, bytes] : files)
            if (other == name) return bytes;
        throw std::runtime_error(name);
    }
    std::string sign(const SampleLog& log) const {
        std::vector<File> all;
        for (const auto& [name, bytes] : files) all.push_back({name, bytes});
        const auto list = manifest(all);
        const auto signature = log.signer()(list);
        all.push_back({manifest_name, list});
        all.push_back({signature_name, signature});
        return write_zip(all);
    }
};

Refusal refusal(const std::string& bytes) {
    const auto bundle = read(bytes);
    REQUIRE_FALSE(bundle.ok());
    return bundle.error();
}

std::string unpack_and(const Folder& folder, const std::string& commands) {
    const auto output =
        run("cd " + folder.path() + " && unzip -q -o b.zip && LC_ALL=C.UTF-8 sh -eu -c '" + commands + "'");
    INFO(output.output);
    CHECK(output.code == 0);
    return output.output;
}

}  // namespace

TEST_CASE("unzip and Python's zipfile read a bundle, and what they read is what was put in") {
    SampleLog log;
    const Folder folder;
    const auto path = folder.write("b.zip", make(log, some_contents(log)));
    const auto tested = run("unzip -t " + path);
    INFO(tested.output);
    CHECK(tested.code == 0);
    CHECK(tested.output.find("No errors detected") != std::string::npos);
    folder.write("list.py", R"PY(import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(*z.namelist())
print(z.read('documento.pdf').decode(), end='')
print({(i.compress_type, i.flag_bits, i.extra, i.comment, i.date_time, i.external_attr) for i in z.infolist()}, z.comment)
)PY");
    const auto python = run("python3 " + (folder / "list.py") + " " + path);
    CHECK(python.output ==
          "LEEME.txt clave.pem documento.pdf hoja-001.json hoja-001.tlog-proof metadatos.json "
          "punto-de-control.txt sal.bin manifiesto.sha256 manifiesto.firma\n%PDF-1.4 prueba\n"
          "{(0, 0, b'', b'', (1980, 1, 1, 0, 0, 0), 0)} b''\n");
}

TEST_CASE("the same contents and key make the same bytes, and they are read back") {
    SampleLog log;
    const auto document = std::string("documento\0con de todo\xff", 22);
    auto contents =
        some_contents(log, document, a_publication(document), {a_sample_of(a_publication(document))});
    contents.availability = concejo::Json::object({{"muestras", 1}});
    contents.attachments = {{"documento.pdf", Attached::timestamp, "a"},
                            {"documento.pdf", Attached::timestamp, "b"},
                            {"documento.pdf", Attached::cms, "c"},
                            {"punto-de-control.txt", Attached::evidence_record, "d"}};
    const auto bytes = make(log, contents);
    CHECK(make(log, contents) == bytes);
    const auto bundle = read(bytes);
    REQUIRE(bundle);
    CHECK(bundle->document.bytes == document);
    CHECK(bundle->salt == sample_salt);
    CHECK(bundle->key == log.verifier.key());
    CHECK(bundle->statements.size() == 2);
    CHECK(bundle->availability == R"({"muestras":1})");
    CHECK(bundle->attachments.size() == 4);
    CHECK(bundle->attachments[1].file.name == "documento.pdf.1.tsr");
}

// What a person does with the file, a shell and openssl: the commands are those of the text, as they stand.
TEST_CASE("the commands of LEEME.txt run as they stand, and say no when something was changed") {
    for (const std::uint64_t before : {0, 1, 6, 200}) {
        for (const std::uint64_t after : {0, 1, 9}) {
            SampleLog log;
            const std::string document = "el documento\n";
            const Folder folder;
            folder.write("b.zip",
                         make(log, some_contents(log, document, a_publication(document), {}, before, after)));
            const std::string recipe =
                "awk \"/^-----8<-----/ {inside = !inside; next} inside\" LEEME.txt > recipe.sh; sh -eu "
                "recipe.sh";
            const auto text = unpack_and(folder, recipe);
            INFO(text);
            CHECK(text.find("La hoja es de este documento") != std::string::npos);
            CHECK(text.find("La hoja está en el registro") != std::string::npos);
            CHECK(text.find(crypto::fingerprint(log.verifier.key())) != std::string::npos);
            std::size_t verified = 0, at = 0;
            while ((at = text.find("Signature Verified Successfully", at)) != std::string::npos)
                ++verified, ++at;
            CHECK(verified == 2);
            if (before != 6) continue;
            for (const auto* file :
                 {"documento.pdf", "hoja-001.json", "sal.bin", "manifiesto.sha256", "clave.pem"}) {
                auto bytes = read_file(folder / file);
                bytes[bytes.size() / 2] ^= 1;
                const auto good = read_file(folder / file);
                folder.write(file, bytes);
                INFO(file);
                CHECK(run("cd " + folder.path() + " && sh -eu recipe.sh").code != 0);
                folder.write(file, good);
            }
        }
    }
}

TEST_CASE("files added, left out, renamed, swapped or repeated are refused even if the key signs them") {
    SampleLog log;
    const auto good = make(log, some_contents(log));
    REQUIRE(read(Loose(good).sign(log)));
    const auto with = [&](auto change) {
        Loose loose(good);
        change(loose.files);
        return refusal(loose.sign(log));
    };
    for (std::size_t i = 0; i < Loose(good).files.size(); ++i) {
        INFO(i);
        CHECK(with([&](auto& files) { files.erase(files.begin() + static_cast<long>(i)); }) ==
              Refusal::names);
        CHECK(with([&](auto& files) { files.insert(files.begin() + static_cast<long>(i), files[i]); }) ==
              Refusal::names);
        CHECK(with([&](auto& files) { files[i].first += ".x"; }) == Refusal::names);
        if (i > 0) CHECK(with([&](auto& files) { std::swap(files[i - 1], files[i]); }) == Refusal::names);
    }
    for (const auto* name : {"documento.exe", "documento.pdf.01.tsr", "documento.pdf.2.tsr",
                             "documento.pdf.0.p7s", "hoja-002.json", "hoja-002.tlog-proof", "hoja-1.json",
                             "sal.bin.1.tsr", "zzz", "AAA", "documento.pdf.4294967297.tsr"}) {
        INFO(name);
        CHECK(with([&](auto& files) {
                  files.emplace_back(name, "x");
                  std::sort(files.begin(), files.end());
              }) == Refusal::names);
    }
    for (const auto* key : {"", "-----BEGIN PUBLIC KEY-----\n"}) {
        Loose loose(good);
        loose["clave.pem"] = key;
        CHECK(refusal(loose.sign(log)) == Refusal::key);
    }
    Loose loose(good);
    loose["clave.pem"] = crypto::public_pem(log.witness.key());
    CHECK(refusal(loose.sign(log)) == Refusal::signature);
}

TEST_CASE("contents that do not belong in a bundle are not written") {
    SampleLog log;
    const auto good = some_contents(log);
    const auto refused = [&](auto change) {
        auto contents = good;
        change(contents);
        CHECK_THROWS_AS(make(log, contents), concejo::Error);
    };
    refused([](Contents& contents) { contents.extension = "p.df"; });
    refused([](Contents& contents) { contents.extension = ""; });
    refused([](Contents& contents) { contents.extension = "../x"; });
    refused([](Contents& contents) { contents.statements.clear(); });
    refused([](Contents& contents) { contents.statements[0].proof += "x"; });
    refused([](Contents& contents) { contents.attachments = {{"sal.bin", Attached::cms, "x"}}; });
    refused([](Contents& contents) { contents.attachments = {{"otro", Attached::cms, "x"}}; });
    refused([](Contents& contents) { contents.metadata["numero"] = 1; });
    refused([](Contents& contents) { contents.document.assign(longest_bundle, 'x'); });
    log.grow(log.appender.size() + 1);
    refused([&](Contents& contents) {
        contents.statements.push_back({good.statements[0].leaf, log.prove(0, log.checkpoint())});
    });
}
