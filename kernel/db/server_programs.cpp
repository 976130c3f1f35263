#include "kernel/db/server_programs.hpp"

#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace kernel::db {
namespace {

using concejo::Error;
using concejo::ErrorKind;

/// In the child, between fork and exec: system calls only, for other threads may hold any lock.
void become(const Account& account) {
    if (!account.other) return;
    if (setgroups(0, nullptr) != 0 || setgid(account.gid) != 0 || setuid(account.uid) != 0) _exit(126);
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void unblock_signals() {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) std::signal(signal, SIG_DFL);
}

}  // namespace

Account server_account(const std::string& wanted) {
    if (geteuid() != 0) {
        const passwd* own = getpwuid(geteuid());
        return {own ? own->pw_name : std::to_string(geteuid()), geteuid(), getegid(), false};
    }
    const std::string name = wanted.empty() || wanted == "root" ? "postgres" : wanted;
    const passwd* entry = getpwnam(name.c_str());
    if (!entry || entry->pw_uid == 0)
        throw Error(
            ErrorKind::forbidden,
            base::tr(
                "PostgreSQL no funciona como root y no existe la cuenta '{}': instale postgresql-15, que la "
                "crea, o ponga en platform.yaml «usuario:» con una cuenta sin privilegios",
                name));
    return {name, entry->pw_uid, entry->pw_gid, true};
}

Finished run_program(const std::vector<std::string>& argv, const Account& account,
                     std::chrono::seconds timeout, const std::vector<std::string>& environment) {
    std::vector<char*> arguments;
    for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    std::vector<const char*> variables{"PATH=/usr/bin:/bin", "LC_ALL=C"};
    for (const auto& variable : environment) variables.push_back(variable.c_str());
    variables.push_back(nullptr);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        throw Error(ErrorKind::internal, fmt::format("pipe: {}", std::strerror(errno)));
    const pid_t child = fork();
    if (child == 0) {
        unblock_signals();
        const int null = open("/dev/null", O_RDONLY);
        dup2(null, 0);
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        syscall(SYS_close_range, 3u, ~0u, 0u);
        become(account);
        if (chdir("/") == 0) execve(arguments[0], arguments.data(), const_cast<char**>(variables.data()));
        _exit(127);
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        throw Error(ErrorKind::unavailable,
                    base::tr("no se puede crear un proceso: {}", std::strerror(errno)));
    }
    Finished finished;
    const auto until = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now())
                .count();
        pollfd output{ends[0], POLLIN, 0};
        const int ready = left <= 0 ? 0 : poll(&output, 1, static_cast<int>(left));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) {
            kill(child, SIGKILL);
            finished.output += "\n" + base::tr("(sin respuesta a tiempo)");
            break;
        }
        std::array<char, 4096> piece;
        const auto got = read(ends[0], piece.data(), piece.size());
        if (got <= 0) break;
        if (finished.output.size() < 65'536)
            finished.output.append(piece.data(), static_cast<std::size_t>(got));
    }
    close(ends[0]);
    finished.exit = wait_for(child);
    return finished;
}

std::optional<std::filesystem::path> barred_folder(const std::filesystem::path& path,
                                                   const Account& account) {
    std::vector<std::filesystem::path> way;
    for (auto folder = path; folder.has_relative_path(); folder = folder.parent_path())
        way.insert(way.begin(), folder);
    std::vector<const char*> names;
    for (const auto& folder : way) names.push_back(folder.c_str());
    const pid_t child = fork();
    if (child == 0) {
        become(account);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (access(names[i], X_OK) != 0) _exit(static_cast<int>(i < 100 ? i + 1 : 101));
        }
        _exit(0);
    }
    const int answer = child < 0 ? 0 : wait_for(child);
    if (answer == 0 || static_cast<std::size_t>(answer) > way.size()) return std::nullopt;
    return way[static_cast<std::size_t>(answer) - 1];
}

std::filesystem::path server_programs() {
    std::vector<std::filesystem::path> places{"/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin",
                                              "/usr/local/pgsql/bin"};
    if (const char* path = std::getenv("PATH")) {
        for (const auto folder : base::split(path, ':')) places.emplace_back(folder);
    }
    if (const char* given = std::getenv("CONCEJO_PG_BIN")) places.assign({given});
    for (const auto& place : places) {
        if (access((place / "initdb").c_str(), X_OK) != 0 || access((place / "pg_ctl").c_str(), X_OK) != 0)
            continue;
        const auto version =
            run_program({(place / "postgres").string(), "--version"}, Account{}, std::chrono::seconds(10));
        if (version.output.find(") 15.") != std::string::npos) return place;
    }
    throw Error(ErrorKind::unavailable,
                base::tr("no están los programas de PostgreSQL 15. Instálelos con: apt-get install "
                         "--no-install-recommends postgresql-15 "
                         "(o ponga en platform.yaml la cadena de conexión de una base de datos externa)"));
}

}  // namespace kernel::db
