#include "plugins/evidence/log/leaf.hpp"
#include "plugins/evidence/log/decimal.hpp"
#include "tests/support/shell.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace evidence::log;

namespace {

Leaf a_publication() {
    Leaf leaf;
    leaf.municipio = "45900";
    leaf.documento = "ES_L01459009_2026_EDICTO1";
    leaf.fecha = "2026-01-15T09:00:00Z";
    leaf.huella = salted(std::string(32, 's'), evidence::crypto::sha256("contenido"));
    return leaf;
}

Leaf a_sample() {
    auto leaf = a_publication();
    leaf.what = What::disponibilidad;
    leaf.anterior = leaf_hash(to_entry(a_publication()));
    leaf.huella.reset();
    leaf.testigo = "sede.riomar.example/testigo";
    leaf.resultado = Seen::visible;
    return leaf;
}

}  // namespace

TEST_CASE("a leaf is one line of canonical JSON, and comes back the same") {
    auto leaf = a_publication();
    leaf.csv = "ABCD-1234";
    CHECK(
        to_entry(leaf) ==
        R"({"csv":"ABCD-1234","documento":"ES_L01459009_2026_EDICTO1","fecha":"2026-01-15T09:00:00Z","huella":")" +
            evidence::crypto::hex(evidence::crypto::view(*leaf.huella)) +
            R"(","municipio":"45900","tipo":"publicacion","v":1})");
    for (auto what : {What::publicacion, What::sello, What::incidencia}) {
        leaf = a_publication();
        leaf.what = what;
        CHECK(parse_leaf(to_entry(leaf)).value() == leaf);
    }
    CHECK(parse_leaf(to_entry(a_sample())).value() == a_sample());
    auto withdrawn = a_sample();
    withdrawn.what = What::retirada;
    withdrawn.testigo.reset();
    withdrawn.resultado.reset();
    CHECK(parse_leaf(to_entry(withdrawn)).value() == withdrawn);
}

TEST_CASE("the salted hash is the one that openssl computes by hand") {
    const tests::Folder folder;
    folder.write("sal.bin", std::string(32, 's'));
    folder.write("documento", "contenido");
    const auto judged = tests::run("cd " + folder.path() +
                                   " && (cat sal.bin; openssl dgst -sha256 -binary documento)"
                                   " | openssl dgst -sha256 -r | cut -d' ' -f1");
    CHECK(judged.output == evidence::crypto::hex(evidence::crypto::view(*a_publication().huella)) + "\n");
}

TEST_CASE("a leaf that lacks what its kind needs, or says too much, is refused") {
    const auto refused = [](Leaf leaf, auto change) {
        change(leaf);
        CHECK_THROWS_AS(to_entry(leaf), concejo::Error);
    };
    refused(a_publication(), [](Leaf& leaf) { leaf.huella.reset(); });
    refused(a_publication(), [](Leaf& leaf) { leaf.what = What::retirada; });
    refused(a_publication(), [](Leaf& leaf) { leaf.municipio = ""; });
    refused(a_publication(), [](Leaf& leaf) { leaf.documento = "con espacio"; });
    refused(a_publication(), [](Leaf& leaf) { leaf.documento = std::string(65, 'a'); });
    refused(a_publication(), [](Leaf& leaf) { leaf.testigo = "yo"; });
    refused(a_publication(), [](Leaf& leaf) { leaf.csv = ""; });
    refused(a_sample(), [](Leaf& leaf) { leaf.resultado.reset(); });
    refused(a_sample(), [](Leaf& leaf) { leaf.anterior.reset(); });
    refused(a_sample(), [](Leaf& leaf) { leaf.csv = "ABCD-1234"; });
    for (const auto* date :
         {"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z",
          "2026-01-01T00:00:00+0", "2026-01-01", "2026-00-10T00:00:00Z"})
        refused(a_publication(), [&](Leaf& leaf) { leaf.fecha = date; });
    auto leap = a_publication();
    leap.fecha = "2028-02-29T23:59:59Z";
    CHECK_NOTHROW(to_entry(leap));
}

TEST_CASE("any other text of a leaf is refused: one byte, an unknown member, another version") {
    const auto entry = to_entry(a_sample());
    const auto value = parse_leaf(entry).value();
    std::mt19937_64 random(7);
    for (std::size_t i = 0; i < entry.size(); ++i) {
        for (int round = 0; round < 4; ++round) {
            auto other = entry;
            other[i] = static_cast<char>(other[i] ^ (1 + random() % 255));
            const auto parsed = parse_leaf(other);
            CHECK((!parsed || parsed.value() != value));
        }
        CHECK_FALSE(parse_leaf(entry.substr(0, i)));
    }
    auto with = entry;
    with.insert(1, R"("a":1,)");
    CHECK_FALSE(parse_leaf(with));
    auto version = entry;
    version[version.rfind('1')] = '2';
    CHECK_FALSE(parse_leaf(version));
    CHECK_FALSE(parse_leaf(entry + "\n"));
}
