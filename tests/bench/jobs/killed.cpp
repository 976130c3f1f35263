// Four workers, a random one killed every 0.1 s; afterwards every job has left exactly one row.
#include "tests/bench/jobs/bench.hpp"
#include "tests/support/whole_run.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <thread>

namespace bench {

int killed(const std::vector<std::string>& words) {
    const bool whole = tests::whole_run(), batch = has_word(words, "--batch");
    WorkerOptions options;
    options.broken = has_word(words, "--broken");
    options.batch = batch ? 50 : 1;
    options.pause_ms = batch ? 20 : 1;
    const auto jobs = static_cast<std::size_t>(number_after(words, "--jobs",
                                                            options.broken ? 1'500
                                                            : whole        ? 100'000
                                                            : batch        ? 10'000
                                                                           : 2'500));

    tests::TestCluster cluster(true);
    Ledger ledger(cluster);
    ledger.queue(jobs, 1'000);  // nobody's own fault: no job may die of it
    std::mt19937 chance(20261125);
    std::vector<std::unique_ptr<WorkerProcess>> workers;
    for (int i = 0; i < 4; ++i)
        workers.push_back(std::make_unique<WorkerProcess>(cluster.app_dsn(), options));
    int kills = 0;
    const auto begun = std::chrono::steady_clock::now();
    const auto limit = begun + (whole ? 14min : 4min);
    for (auto look = begun; std::chrono::steady_clock::now() < limit; std::this_thread::sleep_for(100ms)) {
        if (std::chrono::steady_clock::now() >= look) {
            if (ledger.idle()) break;
            look = std::chrono::steady_clock::now() + 300ms;
        }
        auto& victim = workers[chance() % workers.size()];
        victim.reset();
        victim = std::make_unique<WorkerProcess>(cluster.app_dsn(), options);
        ++kills;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    workers.clear();

    const auto done = std::stol(ledger.count("count(*) from concejo.jobs where state = 'done'"));
    const auto rows = std::stol(ledger.count("count(*) from m_banco.hecho"));
    const auto distinct = std::stol(ledger.count("count(distinct clave) from m_banco.hecho"));
    const auto again = std::stol(ledger.count("count(*) from concejo.jobs where attempts > 1"));
    const auto lost = static_cast<long>(jobs) - distinct, twice = rows - distinct;
    fmt::print(
        "{{\"jobs\":{},\"batch\":{},\"kills\":{},\"interrupted\":{},\"lost\":{},\"twice\":{},\"done\":{},"
        "\"seconds\":"
        "{:.1f},\"steps_per_s\":{:.0f}}}\n",
        jobs, options.batch, kills, again, lost, twice, done, took.count(),
        static_cast<double>(jobs) / took.count());
    const bool met = kills >= 5 && again > 0;  // else it has shown nothing
    if (!met) fmt::print(stderr, "the kills met no job at work\n");
    const bool good = met && lost == 0 && twice == 0 && done == static_cast<long>(jobs);
    return good ? 0 : 1;
}

}  // namespace bench
