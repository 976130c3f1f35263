// Files that mean to be large, wide or deep: read within their limits, or refused with a reason.
#include "plugins/open-data/ingest/source.hpp"
#include "plugins/open-data/ingest/test_support.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <sys/resource.h>

namespace {

using namespace open_data::ingest;

/// What is said of it; empty where it was read.
std::string refusal(std::string bytes) {
    try {
        testing::read_bytes(std::move(bytes));
        return {};
    } catch (const concejo::Error& error) {
        return error.what();
    }
}

long resident_peak() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;  // MiB
}

}  // namespace

TEST_CASE("tens of thousands of columns are told to be too many") {
    std::string header = "a", row = "1", object = "[{";
    for (int n = 0; n < 50'000; ++n)
        header += ";c" + std::to_string(n), row += ";1", object += "\"k" + std::to_string(n) + "\":1,";
    CHECK(refusal(header + "\n" + row + "\n" + row + "\n").find("2000") != std::string::npos);
    CHECK(refusal(object + "\"z\":1}]").find("2000") != std::string::npos);
}

TEST_CASE("a line without an end, a quote that is never closed, JSON of a million levels") {
    const auto before_peak = resident_peak();
    const auto endless = testing::read_bytes("a;b\n1;2\n" + std::string(40 << 20, 'x') + "\n3;4\n");
    CHECK(endless.rows.size() == 2);
    CHECK(endless.report.rejected == 1);
    const auto open = testing::read_bytes("a;b\n1;2\n\"" + std::string(20 << 20, 'x') + "\n3;4\n");
    CHECK(open.report.rejected >= 1);
    const std::string deep(1 << 20, '[');
    (void)refusal(deep);
    (void)refusal("[{\"a\":" + deep + "1" + std::string(1 << 20, ']') + "}]");
    (void)refusal("{\"a\":" + std::string(1 << 20, '{'));
    CHECK(resident_peak() - before_peak < 600);
}
