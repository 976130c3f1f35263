#include "kernel/process/child.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>

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
class Source {
public:
    using Take = std::function<void(std::string_view)>;
    Source() = default;
    Source(Descriptor from, Take take) : from_(std::move(from)), take_(std::move(take)) {}

    int descriptor() const { return from_.get(); }
    void read() {
        std::array<char, 65'536> piece;
        const auto got = ::read(from_.get(), piece.data(), piece.size());
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
        if (got <= 0) return from_.reset();
        take_({piece.data(), static_cast<std::size_t>(got)});
    }

private:
    Descriptor from_;
    Take take_;
};

/// As much as fits; whether something did not is noted.
Source::Take kept(std::string& into, std::uint64_t limit, bool* truncated = nullptr) {
    return [&into, limit, truncated](std::string_view piece) {
        const auto room = limit - std::min<std::uint64_t>(limit, into.size());
        if (truncated && piece.size() > room) *truncated = true;
        into.append(piece.substr(0, room));
    };
}

/// Tells the caller how far the child is, neither too often nor too seldom.
class Teller {
public:
    Teller(const OnProgress& on_progress, std::uint64_t total) : on_progress_(on_progress), reader_(total) {}

    ProgressReader& reader() { return reader_; }
    /// Until when there is nothing to tell.
    Steady::time_point next() const {
        if (!on_progress_) return Steady::time_point::max();
        return told_ + (reader_.has_news() ? 200ms : 1000ms);
    }
    void tell() {
        if (Steady::now() >= next()) tell_now();
    }
    void tell_the_rest() {
        if (on_progress_ && reader_.has_news()) tell_now();
    }

private:
    void tell_now() {
        reader_.take_news();
        on_progress_(reader_.latest());
        told_ = Steady::now();
    }
    const OnProgress& on_progress_;
    ProgressReader reader_;
    Steady::time_point told_ = Steady::now();
};

pid_t spawn(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
            const std::vector<Descriptor>& streams) {
    std::vector<char*> arguments, variables;
    for (const auto& text : argv) arguments.push_back(const_cast<char*>(text.c_str()));
    for (const auto& text : environment) variables.push_back(const_cast<char*>(text.c_str()));
    arguments.push_back(nullptr);
    variables.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (std::size_t target = 0; target < streams.size(); ++target)
        posix_spawn_file_actions_adddup2(&actions, streams[target].get(), static_cast<int>(target));
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

/// The started child until it has been waited for; killed with all it started where nobody waits any more.
class Child {
public:
    Child(pid_t pid, std::chrono::milliseconds time)
        : pid_(pid),
          handle_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))),
          until_(Steady::now() + time) {}
    ~Child() {
        if (waited_) return;
        kill(pid_, SIGKILL);
        wait();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Hears it out. True where its time ran out and it was killed.
    bool attend(std::array<Source, 4>& sources, Teller& teller) {
        bool timed_out = false;
        for (bool over = false;;) {
            std::array<pollfd, 5> waiting{};
            bool silent = true;
            for (std::size_t i = 0; i < sources.size(); ++i) {
                waiting[i] = {sources[i].descriptor(), POLLIN, 0};
                silent = silent && sources[i].descriptor() < 0;
            }
            waiting.back() = {over ? -1 : handle_.get(), POLLIN, 0};
            if (over && silent) break;
            const int ready = poll_until(over ? until_ : std::min(until_, teller.next()), waiting);
            if (ready == 0 && Steady::now() >= until_) {
                if (over) break;  // something outside the namespace holds a stream: not waited for
                timed_out = over = true;
                kill(pid_, SIGKILL);  // the namespace's first process dies with it, and everything in there
                kill(-pid_, SIGKILL);
                until_ = Steady::now() + 2s;
                continue;
            }
            for (std::size_t i = 0; i < sources.size(); ++i)
                if (waiting[i].revents != 0) sources[i].read();
            if (waiting.back().revents != 0) {
                over = true;
                until_ = std::min(until_, Steady::now() + 2s);
            }
            if (!over) teller.tell();
        }
        return timed_out;
    }

    /// How it ended, as waitpid says.
    int wait() {
        kill(-pid_, SIGKILL);  // without namespaces: what it left behind in its session
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        waited_ = true;
        return status;
    }

private:
    static int poll_until(Steady::time_point until, std::array<pollfd, 5>& waiting) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
        return left <= 0
                   ? 0
                   : poll(waiting.data(), waiting.size(), static_cast<int>(std::min<long>(left, 60'000)));
    }

    const pid_t pid_;
    const Descriptor handle_;
    Steady::time_point until_;
    bool waited_ = false;
};

/// A copy with a number above those that the child gets, so that no dup2 overwrites what another still needs:
/// 0, 1 and 2 are taken in every daemon, 3 and 4 may not be.
Descriptor above_the_child(const Descriptor& one) {
    Descriptor copy(fcntl(one.get(), F_DUPFD_CLOEXEC, progress_descriptor + 1));
    if (copy.get() < 0) fail("fcntl");
    return copy;
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
    auto& outcome = ended.outcome;
    Teller teller(streams.on_progress, streams.progress_total);
    std::array<Source, 4> sources;
    std::vector<Descriptor> given;  // in the order of the child's numbers
    given.push_back(std::move(streams.input));
    const auto receive = [&](std::size_t source, Source::Take take) {
        Pipe pipe;
        given.push_back(above_the_child(pipe.write));
        sources[source] = Source(std::move(pipe.read), std::move(take));
    };
    if (streams.output.get() >= 0)
        given.push_back(std::move(streams.output));
    else
        receive(0, kept(outcome.out, streams.limit, &outcome.truncated));
    receive(1, kept(outcome.err, streams.limit, &outcome.truncated));
    receive(2, kept(ended.report, 4096));
    static_assert(progress_descriptor == 4);
    if (streams.on_progress) receive(3, [&](std::string_view piece) { teller.reader().feed(piece); });

    Child child(spawn(argv, environment, given), streams.time);
    given.clear();
    outcome.timed_out = child.attend(sources, teller);
    if (!outcome.timed_out) teller.tell_the_rest();
    const int status = child.wait();
    outcome.progress_ignored = teller.reader().ignored();
    if (outcome.timed_out || WIFSIGNALED(status))
        outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL;
    else
        outcome.exit = WEXITSTATUS(status);
    return ended;
}

}  // namespace kernel::process
