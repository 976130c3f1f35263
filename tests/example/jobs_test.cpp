// Jobs as a plugin has them: through the SDK's C++ and the C tables, on a real queue.
#include "house.hpp"
#include "kernel/base/files.hpp"
#include "tests/support/postgres.hpp"

#include <concejo/plugin.hpp>

#include <catch2/catch.hpp>

#include <mutex>
#include <set>

using concejo::Call;
using concejo::Json;
using example::house;

namespace {

/// What the handlers saw.
struct Seen {
    std::mutex mutex;
    std::vector<std::string> keys;
    std::vector<int> attempts;
    std::size_t largest_batch = 0, batched = 0;
    Json found, gone, missing, answer;
    bool cancelled = true;
};
Seen& seen() {
    static Seen one;
    return one;
}

std::filesystem::path written_file() {
    static const kernel::base::TempDir folder("escrito");
    return folder.path() / "salida";
}

/// What a plugin's constructor does, in the name of the one that is loaded.
concejo::Kernel& declared_kernel() {
    static auto& host = house().loader.plugins().front()->host;
    static concejo::Kernel one(&host.table);
    static const bool declared = [] {
        host.starting = true;
        one.job("prueba.reparte", [](const Call& call, const Json&, const concejo::Job&) {
            auto tx = call.begin();
            for (int i = 0; i < 30; ++i)
                call.enqueue(tx,
                             Json::object({{"kind", "prueba.paso"}, {"payload", Json::object({{"n", i}})}}));
            call.enqueue(tx, Json::object({{"kind", "prueba.terco"}, {"unique", "uno"}, {"priority", 7}}));
            call.enqueue(
                tx, Json::object({{"kind", "prueba.luego"}, {"unique", "dos"}, {"run_at", 4'000'000'000}}));
            seen().found = call.find_job(tx, "prueba.luego", "dos");
            call.cancel_jobs(tx, "prueba.luego", "dos");
            seen().gone = call.find_job(tx, "prueba.luego", "dos");
            seen().missing = call.find_job(tx, "prueba.luego", "tres");
            tx.commit();
        });
        one.job(
            "prueba.terco",
            [](const Call&, const Json&, const concejo::Job& job) {
                const std::lock_guard lock(seen().mutex);
                seen().keys.push_back(job.idempotency_key());
                seen().attempts.push_back(job.attempt());
                seen().cancelled = concejo::cancelled(job);
                throw concejo::Error(concejo::ErrorKind::unavailable, "el otro lado no contesta");
            },
            concejo::JobOptions{.label = "Terco", .max_attempts = 3, .backoff_s = 0});
        one.job_batch("prueba.paso", 100,
                      [](const Call&, const std::vector<concejo::BatchedJob>& jobs, const concejo::Job& job) {
                          const std::lock_guard lock(seen().mutex);
                          seen().largest_batch = std::max(seen().largest_batch, jobs.size());
                          std::set<std::string> keys;
                          for (const auto& one : jobs) {
                              if (one.payload.at("n").as_int() >= 0 && one.attempt == 1) ++seen().batched;
                              keys.insert(one.idempotency_key);
                          }
                          if (keys.size() != jobs.size() || jobs.front().id != job.id())
                              throw concejo::Error(concejo::ErrorKind::invalid,
                                                   "the batch is not what it should be");
                      });
        one.job("prueba.programa", [](const Call& call, const Json&, const concejo::Job& job) {
            const auto script =
                "for i in 1 2 3; do echo $i 3 paso $i >&$CONCEJO_PROGRESS_FD; done; echo nada >&4; head -c 3000000 /dev/zero; true";
            seen().answer = job.run(call, Json::object({{"argv", Json::array({"sh", "-c", script})},
                                                        {"output_file", written_file().string()},
                                                        {"file_mb", 2}}));
        });
        host.starting = false;
        return true;
    }();
    (void)declared;
    return one;
}

std::string of_kind(const std::string& what, const std::string& kind) {
    return tests::cluster().superuser("select " + what +
                                      " from concejo.jobs where tenant = 'riomar' and kind = '" + kind + "'");
}

}  // namespace

TEST_CASE("a plugin queues, finds and cancels its jobs; policies and batches are its own") {
    declared_kernel();
    house().queue("prueba.reparte");
    house().run_jobs();
    CHECK(of_kind("string_agg(state, ',')", "prueba.reparte") == "done");

    CHECK(seen().found.at("state").as_string() == "waiting");
    CHECK(seen().gone.at("state").as_string() == "cancelled");
    CHECK(seen().missing.is_null());
    CHECK(of_kind("state", "prueba.luego") == "cancelled");

    CHECK(of_kind("state || ' ' || attempts || ' ' || max_attempts || ' ' || priority", "prueba.terco") ==
          "dead 3 3 7");
    CHECK(of_kind("last_error", "prueba.terco") == "el otro lado no contesta");
    CHECK(seen().attempts == std::vector{1, 2, 3});
    REQUIRE(seen().keys.size() == 3);
    CHECK(std::set<std::string>(seen().keys.begin(), seen().keys.end()).size() == 1);
    CHECK(seen().keys.front() == of_kind("idempotency_key::text", "prueba.terco"));
    CHECK_FALSE(seen().cancelled);

    CHECK(of_kind("string_agg(distinct state, ',') || ' ' || count(*)", "prueba.paso") == "done 30");
    CHECK(seen().batched == 30);
    CHECK(seen().largest_batch > 1);
}

TEST_CASE("a helper program's progress is its job's") {
    declared_kernel();
    house().queue("prueba.programa");
    house().run_jobs();
    CHECK(of_kind("state || ' ' || progress_done || '/' || progress_total || ' ' || message",
                  "prueba.programa") == "done 3/3 paso 3");
    CHECK(seen().answer.at("exit") == 0);
    CHECK(seen().answer.at("progress_ignored") == 1);
    CHECK(std::filesystem::file_size(written_file()) ==
          std::uintmax_t{2 << 20});  // its stdout, as far as it may
}

TEST_CASE("what a plugin says wrongly of its jobs is refused when it starts") {
    auto& host = house().loader.plugins().front()->host;
    auto& kernel = declared_kernel();
    const auto run = [](const Call&, const Json&, const concejo::Job&) {};
    CHECK_THROWS_AS(kernel.job("tarde", run, {}), concejo::Error);  // only while it starts
    host.starting = true;
    for (const auto* schedule :
         {R"({"kind":"x"})", R"({"kind":"x","cron":"0 0 31 13 *"})", R"({"kind":"x","rrule":"FREQ=DAILY"})",
          R"({"kind":"x","rrule":"FREQ=NEVER","start":"2026-01-01T00:00"})",
          R"({"kind":"x","cron":"0 0 * * *","every_seconds":5})"})
        CHECK_THROWS_AS(kernel.schedule(Json::parse(schedule)), concejo::Error);
    CHECK_THROWS_AS(kernel.job("x", run, concejo::JobOptions{.label = {}, .max_attempts = 0}),
                    concejo::Error);
    CHECK_THROWS_AS(kernel.job("x", run, concejo::JobOptions{.label = {}, .backoff_factor = 0.5}),
                    concejo::Error);
    CHECK_THROWS_AS(
        kernel.job_batch("x", 5'000,
                         [](const Call&, const std::vector<concejo::BatchedJob>&, const concejo::Job&) {}),
        concejo::Error);
    host.starting = false;
}
