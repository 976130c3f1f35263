// What a job's handler is given, and how its kind is tried.
#pragma once

#include <concejo/call.hpp>

#include <string>
#include <tuple>

namespace concejo::inline v1 {

/// A job while it runs.
class Job {
public:
    Job(const detail::Tables& tables, concejo_job* job) : tables_(tables), table_(*tables.jobs), job_(job) {}
    /// Progress, shown live to staff.
    void operator()(std::uint64_t done, std::uint64_t total, std::string_view message = {}) const {
        table_.progress(job_, done, total, detail::c(message));
    }
    /// Call::run(), with the program's progress as the job's. Where somebody cancels the job the program
    /// ends, with Error{conflict}.
    Json run(const Call& call, const Json& spec) const {
        std::tuple<std::uint64_t, std::uint64_t, std::string> shown{};
        return call.run(spec, [&](std::uint64_t done, std::uint64_t total, std::string_view message) {
            if (cancelled()) throw Error(ErrorKind::conflict, "el trabajo se ha cancelado");
            if (shown == std::tie(done, total, message)) return;  // only to ask whether it should go on
            shown = {done, total, std::string(message)};
            (*this)(done, total, message);
        });
    }
    /// Nothing that is done from here on will be committed: return soon.
    bool cancelled() const { return table_.cancelled(job_) != 0; }
    /// The same in every attempt: for effects outside the database.
    std::string idempotency_key() const { return about().at("idempotency_key").as_string(); }
    std::int64_t id() const { return about().at("id").as_int(); }
    int attempt() const { return static_cast<int>(about().at("attempt").as_int()); }  ///< 1, 2 …

private:
    Json about() const {
        return Json::parse(
            tables_.text([&](auto sink, auto* into) { return table_.about(job_, sink, into); }));
    }
    const detail::Tables& tables_;
    const concejo_jobs_1& table_;
    concejo_job* job_;
};
using JobProgress = Job;

/// Nothing that the job does from here on will be committed: return soon.
inline bool cancelled(const Job& job) { return job.cancelled(); }

/// How the jobs of one kind are tried.
struct JobOptions {
    std::string label{};         ///< for people, in Spanish (N_); empty: the kind
    int max_attempts = 8;        ///< then a person looks at it
    int backoff_s = 5;           ///< before the second attempt
    double backoff_factor = 2;   ///< of each pause to the one before
    int backoff_most_s = 3'600;  ///< no pause is longer
};

/// One job of a batch.
struct BatchedJob {
    std::int64_t id;
    std::string idempotency_key;
    int attempt;
    Json payload;
};

}  // namespace concejo::inline v1
