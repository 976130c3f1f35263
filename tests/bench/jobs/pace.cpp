// Steps a second of four workers on a durable database: in batches, and one by one beside pgbench, which
// sends the same statements with four clients. Alternating, medians: these machines are noisy.
#include "kernel/db/server_programs.hpp"
#include "tests/bench/jobs/bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <thread>

namespace bench {
namespace {

/// What the runner sends for one job: kernel/db/pool.cpp begins, kernel/jobs/leases.cpp takes, the handler
/// writes, kernel/jobs/running.cpp marks. One durable COMMIT, one that does not wait.
constexpr const char* script =
    R"(begin \; select set_config('search_path', 'concejo, ext, pg_temp', true), set_config('concejo.tenant', '', true), set_config('statement_timeout', '10000', true), set_config('lock_timeout', '2000', true), set_config('idle_in_transaction_session_timeout', '30000', true), set_config('role', 'concejo_kernel', true), set_config('synchronous_commit', 'off', true);
update concejo.jobs set state = 'running', attempts = attempts + 1, lease_token = gen_random_uuid(), worker = 'pgbench', lease_until = clock_timestamp() + make_interval(secs => 60), started_at = clock_timestamp(), progress_done = 0, progress_total = 0, message = '' where id = (select id from concejo.jobs where state = 'waiting' and run_at <= now() order by priority desc, run_at, id limit 1 for update skip locked) returning id, payload, attempts, max_attempts, idempotency_key, tenant, plugin, kind, lease_token, alone \gset
commit;
begin \; select set_config('search_path', 'm_banco, ext, pg_temp', true), set_config('concejo.tenant', 'banco', true), set_config('statement_timeout', '600000', true), set_config('lock_timeout', '2000', true), set_config('idle_in_transaction_session_timeout', '600000', true), set_config('role', 'm_banco', true);
insert into hecho values (:id, 'paso');
select set_config('role', 'concejo_kernel', true), set_config('concejo.tenant', 'banco', true), set_config('search_path', 'concejo, ext, pg_temp', true);
update concejo.jobs set state = 'done', finished_at = clock_timestamp(), lease_token = null, lease_until = null, last_error = null where id = any('{:id}'::bigint[]) and lease_token = ':lease_token' and state = 'running' and cancel_requested_at is null;
select set_config('role', 'm_banco', true), set_config('search_path', 'm_banco, ext, pg_temp', true);
commit;
)";

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void clear(Ledger& ledger) {
    ledger.cluster.superuser("truncate concejo.jobs, m_banco.hecho");
    ledger.cluster.superuser("vacuum analyze concejo.jobs");
    ledger.cluster.superuser("checkpoint");
}

void check(Ledger& ledger, std::size_t jobs) {
    const auto rows = ledger.count("count(*) || ' ' || count(distinct clave) from m_banco.hecho");
    if (rows != fmt::format("{0} {0}", jobs))
        throw concejo::Error(concejo::ErrorKind::internal, "rows and distinct rows: " + rows);
}

double of_workers(Ledger& ledger, std::size_t jobs, unsigned batch) {
    clear(ledger);
    WorkerOptions options;
    options.threads = 1;
    options.batch = batch;
    options.lease_s = 60;
    std::vector<std::unique_ptr<WorkerProcess>> workers;
    for (int i = 0; i < 4; ++i)
        workers.push_back(std::make_unique<WorkerProcess>(ledger.cluster.app_dsn(), options));
    std::this_thread::sleep_for(1s);  // connected and idle
    ledger.queue(jobs);
    // From the first job taken to the last done, as the database saw it.
    while (!ledger.idle()) std::this_thread::sleep_for(50ms);
    workers.clear();
    check(ledger, jobs);
    return static_cast<double>(jobs) /
           std::stod(
               ledger.count("extract(epoch from max(finished_at) - min(started_at)) from concejo.jobs"));
}

double of_pgbench(Ledger& ledger, std::size_t jobs) {
    clear(ledger);
    ledger.queue(jobs);
    const auto file = ledger.cluster.folder() / "paso.sql";
    std::ofstream(file) << script;
    const auto program = kernel::db::server_programs() / "pgbench";
    const auto command = fmt::format("'{}' -n -f '{}' -c 4 -j 4 -t {} \"{}\" 2>&1", program.string(),
                                     file.string(), jobs / 4, ledger.cluster.app_dsn());
    const std::unique_ptr<FILE, int (*)(FILE*)> out(::popen(command.c_str(), "r"), &::pclose);
    std::string text;
    char piece[4096];
    for (std::size_t n; out && (n = std::fread(piece, 1, sizeof piece, out.get())) > 0;)
        text.append(piece, n);
    const auto at = text.find("tps = ");
    if (at == text.npos) throw concejo::Error(concejo::ErrorKind::internal, "pgbench: " + text);
    check(ledger, jobs);
    return std::stod(text.substr(at + 6));
}

}  // namespace

int pace(const std::vector<std::string>& words) {
    const auto jobs = static_cast<std::size_t>(number_after(words, "--jobs", 100'000));
    const auto singles = static_cast<std::size_t>(number_after(words, "--singles", 4'000)) / 4 * 4;
    const auto rounds = number_after(words, "--rounds", 3);
    tests::TestCluster cluster(true);
    Ledger ledger(cluster);
    std::vector<double> ours, theirs, batched, ratios;
    for (long i = 0; i < rounds; ++i) {
        theirs.push_back(of_pgbench(ledger, singles));
        ours.push_back(of_workers(ledger, singles, 1));
        ratios.push_back(ours.back() / theirs.back());
        batched.push_back(of_workers(ledger, jobs, 200));
        fmt::print(stderr, "round {}: pgbench {:.0f}/s, one by one {:.0f}/s ({:.2f}), batched {:.0f}/s\n",
                   i + 1, theirs.back(), ours.back(), ratios.back(), batched.back());
    }
    fmt::print(
        "{{\"batched_steps_per_s\":{:.0f},\"single_steps_per_s\":{:.0f},\"pgbench_steps_per_s\":{:.0f},"
        "\"ratio\":"
        "{:.2f}}}\n",
        median(batched), median(ours), median(theirs), median(ratios));
    return 0;
}

}  // namespace bench
