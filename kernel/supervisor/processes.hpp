// What is measured of the node's processes at the moment of a scrape.
#pragma once

#include "kernel/crash/ledger.hpp"
#include "kernel/metrics/page.hpp"

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace kernel::supervisor {

struct RunningWorker {
    pid_t pid = -1;
    const char* role = "";  ///< "web", "job"
    unsigned generation = 0;
    const char* state = "";  ///< "starting", "ready", "draining"
};

/// What only the supervisor's own thread knows.
struct Known {
    unsigned generation = 0;
    std::vector<RunningWorker> workers;
    std::vector<crash::Quarantine> quarantines;
};

/// Memory, descriptors, processor and threads of each process (this one too) from /proc, and what each worker
/// says of itself in the region. A process that has ended meanwhile is left out.
void add_processes(metrics::Page& page, const metrics::Region& region, const Known& known,
                   const std::function<std::string(const std::string& id)>& slug);

}  // namespace kernel::supervisor
