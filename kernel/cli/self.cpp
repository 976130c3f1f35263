#include "kernel/cli/self.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/paths/paths.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace kernel::cli {

using concejo::Error;
using concejo::ErrorKind;

std::string run_program(const std::string& program, const std::vector<std::string>& arguments,
                        const std::string& input) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
        throw Error(ErrorKind::internal, base::tr("no se puede crear una tubería"));
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t pid = -1;
    const int failed = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    if (failed) {
        ::close(in[1]);
        ::close(out[0]);
        throw Error(ErrorKind::internal, base::tr("no se puede ejecutar {}", program));
    }
    if (!input.empty() && ::write(in[1], input.data(), input.size()) < 0) ::close(in[1]), in[1] = -1;
    if (in[1] >= 0) ::close(in[1]);
    std::string text;
    char piece[8192];
    for (ssize_t count; (count = ::read(out[0], piece, sizeof piece)) > 0;)
        text.append(piece, static_cast<std::size_t>(count));
    ::close(out[0]);
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
    throw Error(WIFEXITED(status) && WEXITSTATUS(status) == 1 ? ErrorKind::conflict : ErrorKind::internal,
                base::tr("ha fallado «concejo {}»", fmt::join(arguments, " ")));
}

std::string run_self(const std::vector<std::string>& arguments, const std::string& input) {
    return run_program(paths::program_file().string(), arguments, input);
}

}  // namespace kernel::cli
