#include "kernel/process/child.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace kernel::process {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

[[noreturn]] void fail(const char* what) {
    throw Error(ErrorKind::unavailable,
                std::string("no se puede crear un proceso: ") + what + ": " + std::strerror(errno));
}

struct Pipe {
    Descriptor read, write;
    Pipe() {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
        read = Descriptor(ends[0]);
        write = Descriptor(ends[1]);
    }
};

/// The other end of one of the child's streams.
struct Source {
    Descriptor from;
    std::string* into;
    std::uint64_t limit;
    bool truncated = false;

    void take() {
        std::array<char, 65'536> piece;
        const auto got = ::read(from.get(), piece.data(), piece.size());
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
        if (got <= 0) return from.reset();
        const auto room = limit - std::min<std::uint64_t>(limit, into->size());
        const auto kept = std::min<std::uint64_t>(room, static_cast<std::uint64_t>(got));
        into->append(piece.data(), kept);
        truncated = truncated || kept < static_cast<std::uint64_t>(got);
    }
};

pid_t spawn(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
            const std::array<int, 4>& streams) {
    std::vector<char*> arguments, variables;
    for (const auto& text : argv) arguments.push_back(const_cast<char*>(text.c_str()));
    for (const auto& text : environment) variables.push_back(const_cast<char*>(text.c_str()));
    arguments.push_back(nullptr);
    variables.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int target = 0; target < 4; ++target)
        posix_spawn_file_actions_adddup2(&actions, streams[static_cast<std::size_t>(target)], target);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    const int error =
        posix_spawn(&pid, arguments[0], &actions, &attributes, arguments.data(), variables.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        errno = error;
        fail(arguments[0]);
    }
    return pid;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

void Descriptor::reset() noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
}

Descriptor memory_file(const std::string& content) {
    Descriptor file(memfd_create("input", MFD_CLOEXEC));
    if (file.get() < 0) fail("memfd");
    for (std::size_t done = 0; done < content.size();) {
        const auto written = ::write(file.get(), content.data() + done, content.size() - done);
        if (written < 0) fail("memfd");
        done += static_cast<std::size_t>(written);
    }
    lseek(file.get(), 0, SEEK_SET);
    return file;
}

Ended run_child(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
                Streams streams) {
    Ended ended;
    Pipe out, err, report;
    const int output = streams.output.get() >= 0 ? streams.output.get() : out.write.get();
    // Numbers above 3, so that no dup2 overwrites what another still needs: 0, 1 and 2 are taken in every
    // daemon, 3 may not be.
    Descriptor high(fcntl(report.write.get(), F_DUPFD_CLOEXEC, 4));
    const pid_t pid = spawn(argv, environment, {streams.input.get(), output, err.write.get(), high.get()});
    const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    for (auto* mine : {&out.write, &err.write, &report.write, &high, &streams.output}) mine->reset();

    std::array<Source, 3> sources{{{std::move(out.read), &ended.outcome.out, streams.limit},
                                   {std::move(err.read), &ended.outcome.err, streams.limit},
                                   {std::move(report.read), &ended.report, 4096}}};
    auto until = Steady::now() + streams.time;
    for (bool over = false;;) {
        std::array<pollfd, 4> waiting{};
        for (std::size_t i = 0; i < sources.size(); ++i) waiting[i] = {sources[i].from.get(), POLLIN, 0};
        waiting[3] = {over ? -1 : process.get(), POLLIN, 0};
        const bool silent =
            sources[0].from.get() < 0 && sources[1].from.get() < 0 && sources[2].from.get() < 0;
        if (over && silent) break;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
        const int ready =
            left <= 0 ? 0
                      : poll(waiting.data(), waiting.size(), static_cast<int>(std::min<long>(left, 60'000)));
        if (ready == 0 && Steady::now() >= until) {
            if (over) break;  // something outside the namespace holds a stream: not waited for
            ended.outcome.timed_out = true;
            kill(pid, SIGKILL);  // the namespace's first process dies with it, and everything in there
            kill(-pid, SIGKILL);
            until = Steady::now() + 2s;
            over = true;
            continue;
        }
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (waiting[i].revents != 0) sources[i].take();
        }
        if (waiting[3].revents != 0) {
            over = true;
            until = std::min(until, Steady::now() + 2s);
        }
    }
    kill(-pid, SIGKILL);  // without namespaces: what it left behind in its session
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    ended.outcome.truncated = sources[0].truncated || sources[1].truncated;
    if (ended.outcome.timed_out || WIFSIGNALED(status))
        ended.outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL;
    else
        ended.outcome.exit = WEXITSTATUS(status);
    return ended;
}

}  // namespace kernel::process
