// What a worker process does, from its start to its drain.
#pragma once

#include "kernel/paths/paths.hpp"

namespace kernel::runtime {

/// Serves pages until SIGTERM, then drains. `listen_fd` is inherited; `pipe_fd` gets "ready\n", or why not.
int run_web_worker(const paths::Paths&, unsigned generation, int listen_fd, int pipe_fd);
/// Runs jobs until SIGTERM, then hands back what it cannot finish.
int run_job_worker(const paths::Paths&, unsigned generation, int pipe_fd);

}  // namespace kernel::runtime
