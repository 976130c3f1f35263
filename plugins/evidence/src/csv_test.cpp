// Codes against Crockford's base 32 and Luhn mod 32 as a few lines of Python give them; and what people do to
// codes.
#include "csv.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using evidence::Csv;

TEST_CASE("known codes") {
    const std::pair<const char*, const char*> known[] = {
        {"00000000000000000000000000000000", "000000000000000000000000000"},
        {"ffffffffffffffffffffffffffffffff", "7ZZZZZZZZZZZZZZZZZZZZZZZZZJ"},
        {"000102030405060708090a0b0c0d0e0f", "00041061050R3GG28A1C60T3GFK"},
        {"00112233445566778899aabbccddeeff", "0024H36H2NCSVRH6DAQF6DVVQZ3"}};
    for (const auto& [bits, text] : known) {
        const auto csv = Csv::of(*evidence::crypto::unhex(bits));
        CHECK(csv.text() == text);
        CHECK(Csv::parse(text) == csv);
    }
}

TEST_CASE("what people type") {
    const auto csv = Csv::of(*evidence::crypto::unhex("00112233445566778899aabbccddeeff"));
    CHECK(Csv::parse(csv.grouped()) == csv);
    auto lower = csv.grouped();
    for (auto& c : lower) c = static_cast<char>(std::tolower(c));
    CHECK(Csv::parse("  " + lower + "\n") == csv);
    auto letters = csv.text();
    for (auto& c : letters) c = c == '0' ? 'O' : c == '1' ? 'l' : c;
    CHECK(Csv::parse(letters) == csv);
    for (const char* bad : {"", "-", "U", "000", "00000000000000000000000000000000000",
                            "Ñ0000000000000000000000000", "80000000000000000000000000F"})
        CHECK_FALSE(Csv::parse(bad));
}

TEST_CASE("one wrong symbol is always seen, and neighbours that change places nearly always") {
    std::mt19937 random(7);
    int swapped = 0, missed = 0;
    for (int n = 0; n < 200; ++n) {
        const auto csv = Csv::random();
        const auto& text = csv.text();
        for (std::size_t at = 0; at < text.size(); ++at) {
            auto wrong = text;
            do wrong[at] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[random() % 32];
            while (wrong[at] == text[at]);
            CHECK_FALSE(Csv::parse(wrong));
            if (at + 1 == text.size() || text[at] == text[at + 1]) continue;
            auto swap = text;
            std::swap(swap[at], swap[at + 1]);
            ++swapped;
            missed += Csv::parse(swap).has_value();
        }
    }
    CHECK(missed * 100 < swapped);
}

TEST_CASE("codes do not repeat, and noise is none") {
    std::set<std::string> seen;
    for (int n = 0; n < 10'000; ++n) CHECK(seen.insert(Csv::random().text()).second);
    std::mt19937 random(11);
    for (int n = 0; n < 20'000; ++n) {
        std::string noise(random() % 60, '\0');
        for (auto& c : noise) c = static_cast<char>(random());
        (void)Csv::parse(noise);
    }
}
