// One worker process: the runner of kernel/jobs with a handler that leaves one row for each job.
#include "kernel/jobs/runner.hpp"
#include "tests/bench/jobs/bench.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

namespace bench {

using kernel::db::Params;
using kernel::jobs::JobContext;

namespace {

std::string id_array(const JobContext& job) {
    std::string text;
    for (const auto& one : job.jobs()) text += (text.empty() ? "" : ",") + std::to_string(one.id);
    return "{" + text + "}";
}

/// A batch in one statement, one job as it comes: the same that pgbench runs.
void leave_effect(kernel::db::Transaction& tx, const JobContext& job) {
    if (job.jobs().size() == 1)
        tx.exec("insert into hecho values ($1, $2)", Params(job.id(), job.kind()));
    else
        tx.exec("insert into hecho select unnest($1::bigint[]), $2", Params(id_array(job), job.kind()));
}

}  // namespace

int run_worker(const std::vector<std::string>& words) {
    kernel::db::PoolOptions pool_options;
    pool_options.dsn = std::getenv("BENCH_JOBS_DSN");
    pool_options.size = 8;
    kernel::db::Pool pool(pool_options);
    kernel::jobs::RunnerOptions options;
    options.threads = static_cast<unsigned>(number_after(words, "--threads", 2));
    options.lease = std::chrono::seconds(number_after(words, "--lease", 2));
    options.poll = 100ms;
    options.policies = [batch = number_after(words, "--most", 1)](const std::string&, const std::string&) {
        kernel::jobs::Policy policy;
        policy.batch = static_cast<unsigned>(batch);
        policy.first_pause = 50ms;
        return policy;
    };
    const auto pause = std::chrono::milliseconds(number_after(words, "--pause", 0));
    const bool broken = has_word(words, "--broken");
    kernel::jobs::Runner runner(
        pool,
        [&](JobContext& job) {
            if (broken) {
                auto own = pool.begin(job.tenant());
                leave_effect(own, job);
                own.commit();
            } else {
                leave_effect(job.transaction(), job);
            }
            if (pause > 0ms) std::this_thread::sleep_for(pause);
        },
        options);
    runner.start();
    for (;;) ::pause();
}

WorkerProcess::WorkerProcess(const std::string& dsn, const WorkerOptions& options) {
    ::setenv("BENCH_JOBS_DSN", dsn.c_str(), 1);
    std::vector<std::string> words{"bench_jobs", "worker",
                                   "--threads",  std::to_string(options.threads),
                                   "--most",     std::to_string(options.batch),
                                   "--lease",    std::to_string(options.lease_s),
                                   "--pause",    std::to_string(options.pause_ms)};
    if (options.broken) words.push_back("--broken");
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    if (::posix_spawn(&pid_, "/proc/self/exe", nullptr, nullptr, argv.data(), environ) != 0)
        throw concejo::Error(concejo::ErrorKind::internal, "no worker process");
}

WorkerProcess::~WorkerProcess() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace bench
