#include "kernel/process/progress.hpp"

#include <catch2/catch.hpp>

using kernel::process::Progress;
using kernel::process::ProgressReader;

namespace {

ProgressReader after(std::string_view text, std::uint64_t total = 0) {
    ProgressReader reader(total);
    reader.feed(text);
    return reader;
}

// What ffmpeg 5.1 wrote for `-progress pipe:4`, shortened to one report before the first frame and one at the
// end.
constexpr const char* of_ffmpeg =
    "frame=0\nfps=0.00\nstream_0_0_q=0.0\nbitrate=N/A\ntotal_size=0\nout_time_us=N/A\nout_time_ms=N/A\n"
    "out_time=N/A\ndup_frames=0\ndrop_frames=0\nspeed=N/A\nprogress=continue\n"
    "frame=250\nfps=0.00\nstream_0_0_q=-1.0\nbitrate= 128.0kbits/s\ntotal_size=160044\nout_time_us=10000000\n"
    "out_time_ms=10000000\nout_time=00:00:10.000000\ndup_frames=0\ndrop_frames=0\nspeed= "
    "812x\nprogress=end\n";

}  // namespace

TEST_CASE("numbers, with and without a message") {
    CHECK(after("3 10\n").latest() == Progress{3, 10, ""});
    CHECK(after("3 0\n").latest() == Progress{3, 0, ""});
    CHECK(after("3 0\n", 40).latest() == Progress{3, 40, ""});
    CHECK(after("3 10 página 3 de 10\r\n").latest() == Progress{3, 10, "página 3 de 10"});
    CHECK(after("1 4\n2 4\n").latest() == Progress{2, 4, ""});
    CHECK(after("9223372036854775807 1\n").latest().done == 9223372036854775807u);
}

TEST_CASE("a line counts once it is whole, in whatever pieces it comes") {
    ProgressReader reader;
    for (const char c : std::string_view("12 34 sí")) reader.feed({&c, 1});
    CHECK_FALSE(reader.has_news());
    reader.feed("\n5");
    CHECK(reader.latest() == Progress{12, 34, "sí"});
    CHECK(reader.take_news());
    CHECK_FALSE(reader.take_news());
    reader.feed("6 78\n12");
    CHECK(reader.latest() == Progress{56, 78, ""});
}

TEST_CASE("what tells nothing new is no news") {
    ProgressReader reader;
    reader.feed("1 2\n");
    CHECK(reader.take_news());
    reader.feed("1 2\n\n1 2\n");
    CHECK_FALSE(reader.has_news());
    CHECK(reader.ignored() == 0);
}

TEST_CASE("ffmpeg's own report") {
    const auto reader = after(of_ffmpeg, 20'000'000);
    CHECK(reader.latest() == Progress{10'000'000, 20'000'000, ""});
    CHECK(reader.ignored() == 0);
    CHECK_FALSE(after("out_time_us=5\nspeed=1x\n").has_news());  // the report has not ended
    CHECK(after("out_time_us=5\nprogress=continue\nout_time_us=-12\nprogress=continue\n").latest().done == 5);
}

TEST_CASE("other lines are ignored and counted") {
    for (const auto* line :
         {"hola", "1", "1 ", "1  2", "1 x", "1 2x", "-1 2", "1.5 2", "9223372036854775808 1", " 1 2", "=3",
          "una clave=3", "1 2 \x01", "1 2 \xff\xfe", "[1/2] 50 %"}) {
        INFO(line);
        const auto reader = after(std::string(line) + "\n");
        CHECK_FALSE(reader.has_news());
        CHECK(reader.ignored() == 1);
    }
    CHECK(after("x\n1 2\ny\nz\n").ignored() == 3);
}

TEST_CASE("a line without an end is dropped whole, and the next one counts") {
    ProgressReader reader;
    for (int i = 0; i < 1000; ++i) reader.feed(std::string(65'536, '7'));
    CHECK(reader.ignored() == 0);
    reader.feed(" 8\n1 2\n");
    CHECK(reader.ignored() == 1);
    CHECK(reader.latest() == Progress{1, 2, ""});
    const std::string longest = "1 3 " + std::string(ProgressReader::most_in_line - 4, 'x');
    CHECK(after(longest + "\n").latest().total == 3);
    CHECK(after(longest + "x\n").ignored() == 1);
}
