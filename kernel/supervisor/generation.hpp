// The workers that serve one reading of the configuration.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace kernel::supervisor {

enum class WorkerKind { web, job };

inline const char* name_of(WorkerKind kind) { return kind == WorkerKind::web ? "web" : "job"; }

struct Worker {
    WorkerKind kind;
    pid_t pid = -1;
    bool ready = false;
    std::chrono::steady_clock::time_point started;
};

struct Generation {
    unsigned number = 0;
    unsigned web_workers = 0, job_workers = 0;
    std::vector<Worker> workers;
    bool draining = false;
};

/// How long to wait before a dead worker is replaced: at once the first time, doubling up to 30 s while they
/// keep dying young (before 60 s).
class Backoff {
public:
    std::chrono::milliseconds next(std::chrono::steady_clock::duration lived) {
        using namespace std::chrono_literals;
        if (lived > 60s) wait_ = 0ms;
        const auto now = wait_;
        wait_ = wait_ == 0ms ? 200ms : std::min<std::chrono::milliseconds>(wait_ * 2, 30s);
        return now;
    }

private:
    std::chrono::milliseconds wait_{0};
};

}  // namespace kernel::supervisor
