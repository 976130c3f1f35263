#include "kernel/base/files.hpp"

#include <concejo/error.hpp>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <csignal>
#include <iterator>

using namespace kernel::base;
namespace fs = std::filesystem;

namespace {

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

concejo::ErrorKind kind_of_reading(const fs::path& path, std::size_t limit) {
    try {
        read_file(path, limit);
    } catch (const concejo::Error& error) {
        CHECK(std::string(error.what()).find(path.filename().string()) != std::string::npos);
        return error.kind();
    }
    FAIL("read " << path);
    return concejo::ErrorKind::internal;
}

}  // namespace

TEST_CASE("a file is written whole, with its mode, and replaced") {
    const TempDir dir;
    const auto path = dir.path() / "a.txt";
    const mode_t before = ::umask(077);
    write_file_atomically(path, "one", 0644);
    ::umask(before);
    write_file_atomically(path, std::string("t\0wo", 4), 0600);
    CHECK(read_file(path, 4) == std::string("t\0wo", 4));
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    CHECK(entries(dir.path()) == 1);
}

TEST_CASE("a write that fails leaves the old file and nothing else") {
    const TempDir dir;
    const auto path = dir.path() / "a.txt";
    write_file_atomically(path, "old");
    struct rlimit before {};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = before;
    small.rlim_cur = 100;
    ::setrlimit(RLIMIT_FSIZE, &small);
    std::string message;
    try {
        write_file_atomically(path, std::string(1000, 'x'));
    } catch (const concejo::Error& error) {
        message = error.what();
    }
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(message.find("a.txt: no se puede escribir el archivo: ") != std::string::npos);
    CHECK(read_file(path, 100) == "old");
    CHECK(entries(dir.path()) == 1);
    CHECK_THROWS_AS(write_file_atomically(dir.path() / "none" / "a.txt", "x"), concejo::Error);
}

TEST_CASE("who is killed while he writes leaves the old file, and what he had begun is cleared away") {
    const TempDir dir;
    const auto path = dir.path() / "a.yaml";
    write_file_atomically(path, "old");
    write_file_atomically(dir.path() / ".a.yaml.tmp", "somebody else's");
    write_file_atomically(dir.path() / ".a.yaml.0123456789ag.tmp", "somebody else's");
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {  // the kernel of the system kills it at the 100th byte
        std::signal(SIGXFSZ, SIG_DFL);
        const struct rlimit small { 100, 100 }, none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        ::setrlimit(RLIMIT_FSIZE, &small);
        write_file_atomically(path, std::string(1000, 'x'));
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(read_file(path, 100) == "old");
    REQUIRE(entries(dir.path()) == 4);
    remove_unfinished(dir.path());
    CHECK(entries(dir.path()) == 3);
    CHECK(read_file(path, 100) == "old");
    remove_unfinished(dir.path() / "none");
}

TEST_CASE("reading tells apart what went wrong") {
    const TempDir dir;
    write_file_atomically(dir.path() / "five", "12345");
    REQUIRE(::mkfifo((dir.path() / "pipe").c_str(), 0600) == 0);
    CHECK(read_file(dir.path() / "five", 5) == "12345");
    CHECK(kind_of_reading(dir.path() / "five", 4) == concejo::ErrorKind::invalid);
    CHECK(kind_of_reading(dir.path() / "none", 4) == concejo::ErrorKind::not_found);
    CHECK(kind_of_reading(dir.path() / "pipe", 4) == concejo::ErrorKind::invalid);
    CHECK(kind_of_reading(dir.path(), 4) == concejo::ErrorKind::invalid);
}

TEST_CASE("a temporary folder goes with its object") {
    fs::path path;
    {
        TempDir first;
        path = first.path();
        write_file_atomically(path / "x", "x");
        const TempDir second = std::move(first);
        CHECK(fs::exists(second.path() / "x"));
    }
    CHECK_FALSE(fs::exists(path));
}
