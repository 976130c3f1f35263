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
inline constexpr int metrics_descriptor = 6;

struct Spawned {
    pid_t pid = -1;
    int pipe_fd = -1;  ///< reading end of what the worker says. The caller closes it.
};

/// What a worker is handed.
struct Handed {
    int listen = -1;   ///< the listening socket; -1: none
    int page = -1;     ///< its page (kernel/crash)
    int metrics = -1;  ///< what all count in (kernel/metrics)
};

/// exec()s `program` with these and a pipe. The child gets SIGTERM when we die, ignores the terminal's SIGINT
/// (its supervisor decides) and has no other descriptor of ours. Throws concejo::Error{internal} when the
/// system refuses.
Spawned spawn(const std::string& program, const std::vector<std::string>& arguments, const Handed& handed);

}  // namespace kernel::supervisor
