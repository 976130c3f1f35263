#include "plugins/evidence/testing/sample.hpp"
#include "plugins/evidence/verify/report.hpp"
#include "tests/support/shell.hpp"

#include <catch2/catch.hpp>

#include <regex>
#include <set>

using namespace evidence::verify;
using namespace evidence::testing;
using concejo::Json;
using tests::Folder;
using tests::run;

namespace {

const std::string program = CONCEJO_BINARY_DIR "/bin/concejo-verify";

}  // namespace

TEST_CASE("the program: 0 good, 1 refused, 2 unreadable; words for people and JSON for programs") {
    SampleLog log;
    const Folder folder;
    auto bytes = make(log, some_contents(log));
    const auto good = folder.write("bueno.evidencia", bytes);
    bytes[bytes.size() / 2] ^= 1;
    const auto bad = folder.write("malo.evidencia", bytes);
    const auto keys = folder.write("claves", "# del ayuntamiento\n" + log.verifier.text() + "\n");
    const auto pem = folder.write("clave.pem", evidence::crypto::public_pem(log.verifier.key()));
    const auto told = run("LC_ALL=C.UTF-8 " + program + " " + good);
    INFO(told.output);
    CHECK(told.code == 0);
    CHECK(told.output.rfind("ÍNTEGRO, SIN IDENTIFICAR", 0) == 0);
    CHECK(told.output.find(evidence::crypto::fingerprint(log.verifier.key())) != std::string::npos);
    CHECK(told.output.find("titulo: Edicto de prueba") != std::string::npos);
    CHECK(run("LC_ALL=gl_ES.UTF-8 " + program + " --clave " + keys + " " + good)
              .output.rfind("AUTÉNTICO: asinouno", 0) == 0);
    CHECK(run("LC_ALL= LC_MESSAGES= LANG=en_GB.UTF-8 " + program + " --clave " + pem + " " + good)
              .output.rfind("AUTHENTIC", 0) == 0);
    const auto refused = run(program + " --clave " + keys + " " + bad);
    CHECK(refused.code == 1);
    CHECK(refused.output.find("Edicto") == std::string::npos);
    CHECK(run(program + " " + folder.write("vacio", "")).code == 2);
    CHECK(run(program + " " + folder.write("otro.pdf", "%PDF-1.4")).code == 2);
    CHECK(run(program + " " + (folder / "no-existe")).code == 2);
    CHECK(run(program + " " + folder.path()).code == 2);
    for (const std::string& wrong : std::vector<std::string>{
             "", good + " " + good, "--nada " + good, "--clave", "--clave " + good + " " + good,
             "--raiz " + keys + " " + good, "--clave " + (folder / "no-existe") + " " + good})
        CHECK(run(program + " " + wrong).code == 2);
    CHECK(run(program + " --help").code == 0);
    CHECK(run(program + " --version").code == 0);

    const auto json = Json::parse(run(program + " --json --clave " + keys + " " + good).output);
    CHECK(json["veredicto"] == Json("autentico"));
    CHECK(json["codigo"] == Json(0));
    CHECK(json["metadatos"]["organo"] == Json("Alcaldía"));
    const auto no = Json::parse(run(program + " --json " + bad).output);
    CHECK(no["veredicto"] == Json("rechazado"));
    CHECK(no["fallos"].as_array().at(0)["id"].is_string());
    CHECK(no["datos"].empty());
    const auto missing = run(program + " --json " + (folder / "no-existe"));
    CHECK(missing.code == 2);
    CHECK(Json::parse(missing.output)["veredicto"] == Json("ilegible"));
}

TEST_CASE("the program has no server in it: it needs libcrypto and the languages' own libraries") {
    const auto needed = run("readelf -d " + program + " | grep NEEDED");
    const std::regex name("\\[([^\\]]+)\\]");
    for (std::sregex_iterator at(needed.output.begin(), needed.output.end(), name), end; at != end; ++at) {
        INFO((*at)[1]);
        CHECK(std::regex_search(
            (*at)[1].str(),
            std::regex(
                "^(libcrypto|libstdc\\+\\+|libgcc_s|libc|libm|libasan|libubsan|libresolv|ld-linux.*)\\.")));
    }
}

TEST_CASE("every text stands in the five languages with the same places to fill in") {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Text::count); ++i) {
        const auto places = [&](Language language) {
            const std::string text(raw(static_cast<Text>(i), language));
            CHECK_FALSE(text.empty());
            std::set<std::string> found;
            const std::regex place("\\{[0-9]\\}");
            for (std::sregex_iterator at(text.begin(), text.end(), place), end; at != end; ++at)
                found.insert(at->str());
            return found;
        };
        INFO(id(static_cast<Text>(i)));
        for (const auto language : {Language::ca, Language::gl, Language::eu, Language::en})
            CHECK(places(language) == places(Language::es));
    }
    CHECK(say(Text::leaf_unreadable, Language::es, {"{1}", "x"}) == "{1}: la hoja no se entiende (x).");
}

TEST_CASE("the language is that of the first variable that is set") {
    CHECK(language_of(nullptr, nullptr, nullptr) == Language::es);
    CHECK(language_of("", "", "eu_ES.UTF-8") == Language::eu);
    CHECK(language_of("ca", "en_GB", "gl_ES") == Language::ca);
    CHECK(language_of("C", nullptr, "en_GB") == Language::es);
    CHECK(language_of("eng", nullptr, nullptr) == Language::es);
}

TEST_CASE("what a file says cannot paint over what the program says") {
    CHECK(printable("normal ñ «€» 😀") == "normal ñ «€» 😀");
    CHECK(printable("a\x1b[2J\nb\x7f\u0085\u202E\u2066\u200B") == "a?[2J?b?????");
    CHECK(printable("\xff\xfe") == "??");
}

TEST_CASE("files of keys are PEM, lines of keys and comments, and nothing else") {
    SampleLog log;
    const auto pem = evidence::crypto::public_pem(log.verifier.key()), line = log.verifier.text() + "\n";
    for (const auto& file : {pem, line, "# sí\n\n" + line + pem + log.witness.text(),
                             std::string(line).insert(line.size() - 1, "\r")}) {
        Trust trust;
        CHECK(trust.add(file));
        CHECK(trust.is_log(log.verifier.name(), log.verifier.key()));
        CHECK_FALSE(trust.is_log(log.verifier.name(), log.witness.key()));
    }
    for (const auto& file : {std::string(), std::string("# nada\n"), line + "basura\n", pem.substr(0, 80),
                             pem + "-----BEGIN", line + " " + line}) {
        Trust trust;
        CHECK_FALSE(trust.add(file));
        CHECK_FALSE(trust.knows_a_log());
    }
}
