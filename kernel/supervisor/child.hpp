// A worker process: how it is started, and how it says that it is ready.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace kernel::supervisor {

/// Workers inherit their descriptors under these fixed numbers.
inline constexpr int listen_descriptor = 3;
inline constexpr int pipe_descriptor = 4;
inline constexpr int page_descriptor = 5;

struct Spawned {
    pid_t pid = -1;
    int pipe_fd = -1;  ///< reading end of what the worker says. The caller closes it.
};

/// exec()s `program` with the listening socket (-1: none), a pipe and its page (kernel/crash). The child gets
/// SIGTERM when we die, ignores the terminal's SIGINT (its supervisor decides) and has no other descriptor of
/// ours. Throws concejo::Error{internal} when the system refuses.
Spawned spawn(const std::string& program, const std::vector<std::string>& arguments, int listen_fd,
              int page_fd);

}  // namespace kernel::supervisor
