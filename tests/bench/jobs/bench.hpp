// The parts of bench_jobs.
#pragma once

#include "tests/support/postgres.hpp"

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace bench {

using namespace std::chrono_literals;

/// A process of this program that runs jobs until it is killed.
struct WorkerOptions {
    unsigned threads = 2, batch = 1;
    int lease_s = 2;
    int pause_ms = 0;     ///< in each job, so that kills meet it at work
    bool broken = false;  ///< effects in a transaction of their own: not exactly once
};
class WorkerProcess {
public:
    WorkerProcess(const std::string& dsn, const WorkerOptions& options);
    ~WorkerProcess();  ///< kill -9
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

private:
    pid_t pid_ = 0;
};
int run_worker(const std::vector<std::string>& words);

/// A municipality "banco" with a table that a second effect would show in, and so many jobs that wait.
struct Ledger {
    explicit Ledger(tests::TestCluster& cluster);
    void queue(std::size_t jobs, int max_attempts = 8);
    bool idle();  ///< nothing waits or runs
    std::string count(const std::string& what);

    tests::TestCluster& cluster;
    kernel::db::Tenant tenant;
};

int killed(const std::vector<std::string>& words);
int pace(const std::vector<std::string>& words);

bool has_word(const std::vector<std::string>& words, const std::string& word);
/// "--jobs 5000"
long number_after(const std::vector<std::string>& words, const std::string& word, long otherwise);

}  // namespace bench
