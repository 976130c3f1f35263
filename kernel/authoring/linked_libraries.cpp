#include "kernel/authoring/linked_libraries.hpp"

#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

extern char** environ;

namespace kernel::authoring {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr const char* linker = "/lib64/ld-linux-x86-64.so.2";

struct Listing {
    int exit = 0;
    std::string text;
};

Listing list(const std::filesystem::path& file) {
    int out[2];
    if (::pipe2(out, O_CLOEXEC) != 0)
        throw Error(ErrorKind::internal, base::tr("no se puede crear una tubería"));
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
    const std::string path = file.string();
    const char* argv[] = {linker, path.c_str(), nullptr};
    std::vector<char*> environment;
    for (char** entry = environ; *entry; ++entry) environment.push_back(*entry);
    for (const char* entry : {"LD_TRACE_LOADED_OBJECTS=1", "LD_BIND_NOW=", "LD_WARN="})
        environment.push_back(const_cast<char*>(entry));
    environment.push_back(nullptr);
    pid_t child = -1;
    const int failed =
        ::posix_spawn(&child, linker, &actions, nullptr, const_cast<char**>(argv), environment.data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    Listing listing;
    char piece[4096];
    for (ssize_t count; (count = ::read(out[0], piece, sizeof piece)) > 0;)
        listing.text.append(piece, static_cast<std::size_t>(count));
    ::close(out[0]);
    if (failed) throw Error(ErrorKind::unavailable, base::tr("no se puede ejecutar {}", linker));
    while (::waitpid(child, &listing.exit, 0) < 0 && errno == EINTR) {
    }
    return listing;
}

}  // namespace

std::vector<std::string> missing_libraries(const std::filesystem::path& file) {
    const auto listing = list(std::filesystem::absolute(file));
    std::vector<std::string> missing;
    for (const auto raw : base::split(listing.text, '\n')) {
        auto line = std::string(raw);
        line.erase(0, line.find_first_not_of(" \t") == std::string::npos ? line.size()
                                                                         : line.find_first_not_of(" \t"));
        if (const auto at = line.find(" => not found"); at != std::string::npos)
            missing.push_back(line.substr(0, at));
    }
    if (missing.empty() && listing.exit != 0)
        throw Error(ErrorKind::unavailable, base::tr("el enlazador del sistema no la admite: {}",
                                                     listing.text.substr(0, listing.text.find('\n'))));
    return missing;
}

}  // namespace kernel::authoring
