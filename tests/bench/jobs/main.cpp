// bench_jobs killed [--batch] [--broken] [--jobs N]   4 workers, one of them killed every 0.1 s: 0 lost, 0
// twice bench_jobs pace [--jobs N] [--rounds N]              steps a second: batched, one by one, and
// pgbench's of the same SQL
#include "tests/bench/jobs/bench.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bench {

Ledger::Ledger(tests::TestCluster& c)
    : cluster(c),
      tenant(c.tenant("banco", "create table hecho (clave bigint not null, por text not null)")) {}

void Ledger::queue(std::size_t jobs, int max_attempts) {
    cluster.superuser(
        fmt::format("insert into concejo.jobs (tenant, plugin, kind, payload, max_attempts) select 'banco', "
                    "'banco', 'paso', '{{\"n\": 1}}', {} from generate_series(1, {})",
                    max_attempts, jobs));
}

bool Ledger::idle() {
    return cluster.superuser(
               "select not exists (select from concejo.jobs where state = 'waiting') and not exists "
               "(select from concejo.jobs where state = 'running')") == "t";
}

std::string Ledger::count(const std::string& what) { return cluster.superuser("select " + what); }

bool has_word(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

long number_after(const std::vector<std::string>& words, const std::string& word, long otherwise) {
    const auto at = std::find(words.begin(), words.end(), word);
    return at == words.end() || at + 1 == words.end() ? otherwise : std::stol(*(at + 1));
}

}  // namespace bench

int main(int argc, char** argv) try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (bench::has_word(words, "worker")) return bench::run_worker(words);
    if (bench::has_word(words, "killed")) return bench::killed(words);
    if (bench::has_word(words, "pace")) return bench::pace(words);
    fmt::print(stderr, "bench_jobs killed [--batch] [--broken] [--jobs N] | pace [--jobs N] [--rounds N]\n");
    return 2;
} catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
}
