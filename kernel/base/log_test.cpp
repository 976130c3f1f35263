#include "kernel/base/log.hpp"

#include "kernel/base/clock.hpp"
#include "kernel/base/files.hpp"
#include "kernel/base/text.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <thread>

using namespace kernel::base;
using concejo::Json;

namespace {

/// A log into a file, and its lines parsed.
class LogFile {
public:
    LogFile()
        : descriptor_(
              ::open((dir_.path() / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
    ~LogFile() { ::close(descriptor_); }
    int descriptor() const { return descriptor_; }
    std::vector<Json> lines() const {
        const std::string text = read_file(dir_.path() / "log", 64 << 20);
        std::vector<Json> lines;
        for (const auto line : split(text, '\n')) {
            if (!line.empty()) lines.push_back(Json::parse(line));
        }
        return lines;
    }

private:
    TempDir dir_;
    int descriptor_;
};

}  // namespace

TEST_CASE("a line says who, what and when, and fields follow") {
    const LogFile file;
    Log log(file.descriptor());
    log.write(LogLevel::warning, {"http", "riomar", "sede", "r-1"}, "lento\n\"sí\"",
              Json::object({{"ms", 120}, {"level", "x"}}));
    log.write(LogLevel::debug, {}, "hidden");
    log.write(LogLevel::info, {}, "bare \xFF");
    const auto lines = file.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].at("level").as_string() == "warning");
    CHECK(lines[0].at("component").as_string() == "http");
    CHECK(lines[0].at("tenant").as_string() == "riomar");
    CHECK(lines[0].at("plugin").as_string() == "sede");
    CHECK(lines[0].at("request_id").as_string() == "r-1");
    CHECK(lines[0].at("message").as_string() == "lento\n\"sí\"");
    CHECK(lines[0].at("ms").as_int() == 120);
    CHECK(lines[0].at("_level").as_string() == "x");
    CHECK(parse_utc(lines[0].at("time").as_string()));
    CHECK(lines[1].as_object().size() == 3);
    CHECK(lines[1].at("message").as_string() == "bare \xEF\xBF\xBD");
}

TEST_CASE("lines of several threads never mix, and long ones are cut") {
    const LogFile file;
    Log log(file.descriptor());
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&log, t] {
            for (int i = 0; i < 500; ++i)
                log.write(LogLevel::info, {"t" + std::to_string(t), "", "", ""}, std::string(300, 'x'));
        });
    }
    for (auto& thread : threads) thread.join();
    log.write(LogLevel::error, {}, std::string(100000, '\1'),
              Json::object({{"big", std::string(100000, 'y')}}));
    const auto lines = file.lines();
    REQUIRE(lines.size() == 2001);
    CHECK(lines.back().at("cut").as_bool());
    CHECK(lines.back().dump().size() < (16 << 10));
}

TEST_CASE("the least level can change while running") {
    Log log(-1);
    CHECK_FALSE(log.enabled(LogLevel::debug));
    log.set_level(LogLevel::debug);
    CHECK(log.enabled(LogLevel::debug));
    log.write(LogLevel::error, {}, "nowhere to write: lost, no error");
}
