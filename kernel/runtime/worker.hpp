// What a worker process does, from its start to its drain.
#pragma once

#include "kernel/paths/paths.hpp"

namespace kernel::runtime {

/// What the supervisor hands to a worker.
struct WorkerOptions {
    unsigned generation = 0;
    int listen_fd = -1;
    int pipe_fd = -1;     ///< takes "ready\n", or why not
    int page_fd = -1;     ///< kernel/crash
    int metrics_fd = -1;  ///< kernel/metrics
    bool safe = false;
};

/// Serves pages until SIGTERM, then drains.
int run_web_worker(const paths::Paths&, const WorkerOptions&);
/// Runs jobs until SIGTERM, then hands back what it cannot finish.
int run_job_worker(const paths::Paths&, const WorkerOptions&);

}  // namespace kernel::runtime
