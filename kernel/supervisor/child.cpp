#include "kernel/supervisor/child.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kernel::supervisor {
namespace {

/// Between fork and exec: only calls that are safe there.
[[noreturn]] void become(const char* program, char* const* argv, const Handed& handed, int pipe_fd,
                         pid_t parent) {
    // First out of the way of the fixed numbers, then onto them; dup2 leaves them open across exec.
    const int saying = ::fcntl(pipe_fd, F_DUPFD, 10);
    const int page = ::fcntl(handed.page, F_DUPFD, 10);
    const int counted = ::fcntl(handed.metrics, F_DUPFD, 10);
    const int listening = handed.listen < 0 ? -1 : ::fcntl(handed.listen, F_DUPFD, 10);
    if (listening >= 0)
        ::dup2(listening, listen_descriptor);
    else
        ::close(listen_descriptor);
    ::dup2(saying, pipe_descriptor);
    ::dup2(page, page_descriptor);
    ::dup2(counted, metrics_descriptor);
    ::close_range(metrics_descriptor + 1, ~0U, 0);

    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGINT, SIG_IGN);
    ::signal(SIGHUP, SIG_IGN);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(126);  // the supervisor died before prctl
    ::execv(program, argv);
    ::_exit(127);
}

}  // namespace

Spawned spawn(const std::string& program, const std::vector<std::string>& arguments, const Handed& handed) {
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0)
        throw concejo::Error(concejo::ErrorKind::internal,
                             fmt::format("no se puede crear una tubería: {}", std::strerror(errno)));
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);

    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) become(program.c_str(), argv.data(), handed, pipe[1], parent);
    const int error = errno;
    ::close(pipe[1]);
    if (pid < 0) {
        ::close(pipe[0]);
        throw concejo::Error(concejo::ErrorKind::internal,
                             fmt::format("no se puede crear un proceso: {}", std::strerror(error)));
    }
    return {pid, pipe[0]};
}

}  // namespace kernel::supervisor
