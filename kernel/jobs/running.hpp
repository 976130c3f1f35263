// One attempt at what one thread took. Internal to kernel/jobs.
#pragma once

#include "kernel/jobs/leases.hpp"

#include <atomic>
#include <optional>

namespace kernel::jobs {

class Running final : public JobContext {
public:
    /// How it ended, for who runs it.
    enum class End {
        done,
        failed,     ///< noted: waits or is dead
        cancelled,  ///< somebody's wish, or another holds the lease
        split       ///< a batch that has to be run one by one
    };

    Running(db::Pool& pool, Lease lease, std::chrono::milliseconds statement_timeout,
            const std::atomic<bool>& stopping)
        : pool_(pool), lease_(std::move(lease)), statement_timeout_(statement_timeout), stopping_(stopping) {}

    const db::Tenant& tenant() const override { return lease_.tenant; }
    const std::string& plugin() const override { return lease_.plugin; }
    const std::string& kind() const override { return lease_.kind; }
    const std::vector<Taken>& jobs() const override { return lease_.jobs; }
    bool cancelled() const override { return cancelled_; }
    bool stopping() const override { return stopping_; }
    db::Transaction& transaction() override;
    void progress(std::uint64_t done, std::uint64_t total, std::string_view message) override;

    const Lease& lease() const { return lease_; }
    void cancel() { cancelled_ = true; }  ///< from any thread
    /// True once after each progress shown. Any thread.
    bool take_shown() { return shown_lately_.exchange(false); }

    /// Runs the handler and writes how it ended. Never throws.
    End run(const Handler& handler) noexcept;

private:
    void finish();
    End failed(const std::string& why, bool for_good);
    End note(const std::string& why, bool for_good) noexcept;
    End postpone(const std::string& why) noexcept;

    db::Pool& pool_;
    const Lease lease_;
    const std::chrono::milliseconds statement_timeout_;
    const std::atomic<bool>& stopping_;
    std::atomic<bool> cancelled_{false}, shown_lately_{false};
    std::optional<db::Transaction> tx_;
    std::chrono::steady_clock::time_point shown_{};
};

}  // namespace kernel::jobs
