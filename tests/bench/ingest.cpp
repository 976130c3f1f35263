// What reading a delimited file costs: build/release/tests/bench_ingest [rows | FILE] [rounds].
//
// Telling encoding, dialect and types, then converting to binary COPY; and both at once, by what the
// beginning says, as a load does. Each beside counting the newlines of the same bytes with memchr. Without a
// file it makes its own, once as programs write it and once as offices do.
#include "plugins/open-data/ingest/copy_encoder.hpp"
#include "plugins/open-data/ingest/understand.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>

#include <unistd.h>

namespace {

using namespace open_data::ingest;

/// Of the processor: one thread works, and the machines are busy with others.
template <class F>
double seconds(F&& work) {
    const auto start = std::clock();
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Contracts of a municipality, 8 columns; `office`: Windows-1252, ';', decimal comma, dd/mm/yyyy.
std::string contracts(std::uint64_t rows, bool office) {
    std::mt19937 random(20260101);
    const char d = office ? ';' : ',';
    std::string out = std::string("id") + d + "objeto" + d + "fecha" + d + "importe" + d + "nif" + d +
                      "plazo" + d + "lat" + d + "lon\r\n";
    char line[256];
    for (std::uint64_t i = 0; i < rows; ++i) {
        const unsigned day = 1 + random() % 28, month = 1 + random() % 12, year = 2015 + random() % 11;
        char date[16], amount[24];
        std::snprintf(date, sizeof date, office ? "%02u/%02u/%04u" : "%04u-%02u-%02u", office ? day : year,
                      month, office ? year : day);
        std::snprintf(amount, sizeof amount, "%u%c%02u", static_cast<unsigned>(random() % 100000),
                      office ? ',' : '.', static_cast<unsigned>(random() % 100));
        const char* subject = office ? "Se\xF1"
                                       "alizaci\xF3n vial"
                                     : "Señalización vial";
        std::snprintf(
            line, sizeof line, "%u/%07u%c\"%s %u%c plaza\"%c%s%c%s%cB%08u%c%u%c%u%c%06u%c-%u%c%06u\r\n", year,
            static_cast<unsigned>(i), d, subject, static_cast<unsigned>(random() % 100), d, d, date, d,
            amount, d, static_cast<unsigned>(random() % 100000000), d, static_cast<unsigned>(random() % 720),
            d, static_cast<unsigned>(36 + random() % 7), office ? ',' : '.',
            static_cast<unsigned>(random() % 1000000), d, static_cast<unsigned>(random() % 9),
            office ? ',' : '.', static_cast<unsigned>(random() % 1000000));
        out += line;
    }
    return out;
}

std::size_t newlines(std::string_view bytes) {
    std::size_t count = 0;
    const char* at = bytes.data();
    const char* end = at + bytes.size();
    while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)))))
        ++count, ++at;
    return count;
}

void measure(const char* what, const std::filesystem::path& file, int rounds) {
    std::vector<double> bare, told, read, once;
    std::uint64_t accepted = 0, rejected = 0, written = 0;
    const double size = static_cast<double>(std::filesystem::file_size(file));
    for (int round = 0; round < rounds; ++round) {
        const auto bytes = Bytes::map(file);
        std::size_t lines = 0;
        bare.push_back(seconds([&] { lines = newlines(bytes.view()); }));
        if (lines == 0) std::puts("one line");
        std::unique_ptr<Source> source;
        Recipe recipe;
        told.push_back(seconds([&] {
            source = make_source(Bytes::map(file));
            recipe = understand(*source);
        }));
        written = 0;
        read.push_back(seconds([&] {
            Reader reader(*source, recipe);
            CopyEncoder encoder(reader);
            std::string piece;
            while (encoder.next(piece)) written += piece.size();
            accepted = reader.report().accepted;
            rejected = reader.report().rejected;
        }));
        bool held = false;
        once.push_back(seconds([&] {
            source = make_source(Bytes::map(file));
            Guess guess(*source);
            Reader reader(*source, guess.recipe(), &guess);
            CopyEncoder encoder(reader);
            std::string piece;
            while (encoder.next(piece)) continue;
            held = guess.holds();
        }));
        if (!held) std::puts("the beginning says something else");
    }
    const double both = median(told) + median(read);
    std::printf(
        "%-12s %7.1f MB, %llu rows, %llu rejected: newlines %.3f s, told %.3f s, converted %.3f s to %.1f "
        "MB; "
        "both %.3f s, at once %.3f s, %.0f MB/s, %.1f x bare\n",
        what, size / 1e6, static_cast<unsigned long long>(accepted),
        static_cast<unsigned long long>(rejected), median(bare), median(told), median(read),
        static_cast<double>(written) / 1e6, both, median(once), size / 1e6 / median(once),
        median(once) / median(bare));
}

}  // namespace

int main(int argc, char** argv) {
    const std::string given = argc > 1 ? argv[1] : "1000000";
    const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
    if (std::filesystem::exists(given)) return measure("file", given, rounds), 0;
    const auto file = std::filesystem::temp_directory_path() / ("bench_ingest." + std::to_string(::getpid()));
    for (const bool office : {false, true}) {
        std::ofstream(file, std::ios::binary) << contracts(std::strtoull(given.c_str(), nullptr, 10), office);
        measure(office ? "office" : "program", file, rounds);
    }
    std::filesystem::remove(file);
}
