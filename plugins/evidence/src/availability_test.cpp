#include "availability.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace evidence;

namespace {

Ronda a_round() {
    Ronda ronda{"sede.ribera.example/evidencia", "sede.vecino.example/evidencia", 1'790'000'000, 600, {}};
    for (const auto seen :
         {log::Seen::visible, log::Seen::visible, log::Seen::distinto, log::Seen::error, log::Seen::ausente})
        ronda.muestras.push_back({Csv::random(), seen});
    return ronda;
}

}  // namespace

TEST_CASE("a round is read as it was written, in canonical JSON (RFC 8785)") {
    const auto ronda = a_round();
    const auto text = ronda.text();
    CHECK(text.starts_with(
        "{\"cadencia\":600,\"fecha\":\"2026-09-21T14:13:20Z\",\"muestras\":{\"ausente\":[\""));
    CHECK(text.ends_with(
        "\"sede\":\"sede.ribera.example/evidencia\",\"testigo\":\"sede.vecino.example/evidencia\",\"tipo\":\"ronda\",\"v\":1}\n"));
    const auto read = Ronda::parse(text);
    REQUIRE(read);
    CHECK(read->text() == text);
    CHECK(read->fecha == ronda.fecha);
    CHECK(read->muestras.size() == 5);
}

TEST_CASE("what no round says is refused") {
    const auto text = a_round().text();
    const auto with = [&](std::string_view what, std::string_view instead) {
        auto changed = text;
        return changed.replace(changed.find(what), what.size(), instead);
    };
    CHECK_FALSE(Ronda::parse(text.substr(0, text.size() - 1)));
    CHECK_FALSE(Ronda::parse(with("600", "59")));
    CHECK_FALSE(Ronda::parse(with("600", "3601")));
    CHECK_FALSE(Ronda::parse(with("\"v\":1", "\"v\":2")));
    CHECK_FALSE(Ronda::parse(with("\"v\":1", "\"v\":1,\"z\":1")));
    CHECK_FALSE(Ronda::parse(with("2026-09-21", "2026-09-31")));
    CHECK_FALSE(Ronda::parse(with("{\"cadencia\"", "{ \"cadencia\"")));
    CHECK_FALSE(Ronda::parse(with("ausente", "visto")));
    CHECK_FALSE(Ronda::parse("{}\n"));
    CHECK_FALSE(Ronda::parse("[]\n"));
    CHECK_FALSE(Ronda::parse(""));
    Ronda crowd{"a", "b", 1'790'000'000, 600, {}};
    for (std::size_t i = 0; i <= most_samples; ++i)
        crowd.muestras.push_back({Csv::random(), log::Seen::visible});
    CHECK_FALSE(Ronda::parse(crowd.text()));
}

TEST_CASE("whatever is read says exactly what it was read from") {
    std::mt19937 random(20261126);
    const auto text = a_round().text();
    int read = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto changed = text;
        for (auto n = random() % 3 + 1; n > 0; --n)
            changed[random() % changed.size()] =
                static_cast<char>(random() % 7 == 0 ? random() : "{}[]\",:0AZ9vt-\n"[random() % 15]);
        if (const auto ronda = Ronda::parse(changed)) {
            ++read;
            REQUIRE(ronda->text() == changed);
        }
    }
    CHECK(read < 5000);
}
