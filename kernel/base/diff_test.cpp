#include "kernel/base/diff.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace kernel::base;

namespace {

/// What `patch` does with the hunks: they must turn one text into the other.
std::string patched(const std::vector<DiffHunk>& hunks, const std::string& before) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < before.size();) {
        const auto end = before.find('\n', at);
        lines.push_back(before.substr(at, end - at));
        at = end == before.npos ? before.size() : end + 1;
    }
    std::string out;
    std::size_t at = 0;
    for (const auto& hunk : hunks) {
        for (const auto& line : hunk.lines) {
            if (line.before) {
                while (at + 1 < line.before) out += lines[at++] + '\n';
                REQUIRE(lines[at] == line.text);
                ++at;
            }
            if (line.after) out += line.text + '\n';
        }
    }
    while (at < lines.size()) out += lines[at++] + '\n';
    return out;
}

}  // namespace

TEST_CASE("equal texts have no difference") {
    CHECK(diff_lines("", "").empty());
    CHECK(diff_lines("a\nb\n", "a\nb\n").empty());
}

TEST_CASE("a change comes with the lines around it, as diff -u tells it") {
    const auto hunks = diff_lines("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\ncinco\n6\n7\n8\n9\n");
    CHECK(unified(hunks) == "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+cinco\n 6\n 7\n 8\n");
    const auto far = diff_lines("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n");
    CHECK(unified(far) == "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
    CHECK(unified(diff_lines("", "x\n")) == "@@ -0,0 +1,1 @@\n+x\n");
}

TEST_CASE("another line end is a change") {
    const auto hunks = diff_lines("a\nb", "a\nb\n");
    REQUIRE(hunks.size() == 1);
    CHECK(hunks[0].lines.back().kind == DiffLine::Kind::added);
}

TEST_CASE("any difference leads from one text to the other") {
    std::mt19937 dice(7);
    for (int round = 0; round < 400; ++round) {
        const auto text = [&] {
            std::string made;
            for (auto lines = dice() % 30; lines > 0; --lines)
                made += std::string(1, static_cast<char>('a' + dice() % 4)) + "\n";
            return made;
        };
        const auto before = text(), after = text();
        CHECK(patched(diff_lines(before, after, 1 + dice() % 3), before) == after);
    }
}
