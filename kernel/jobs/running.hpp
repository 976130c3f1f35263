// One attempt at one job. Internal to kernel/jobs.
#pragma once

#include "kernel/jobs/runner.hpp"

#include <atomic>
#include <optional>

namespace kernel::jobs {

class Running final : public JobContext {
public:
    struct Row {
        std::int64_t id = 0;
        db::Tenant tenant;
        std::string plugin, kind, token;
        concejo::Json payload;
        int attempt = 0, max_attempts = 0;
    };

    Running(db::Pool& pool, Row row, std::chrono::milliseconds statement_timeout,
            const std::atomic<bool>& stopping)
        : pool_(pool), row_(std::move(row)), statement_timeout_(statement_timeout), stopping_(stopping) {}

    std::int64_t id() const override { return row_.id; }
    const db::Tenant& tenant() const override { return row_.tenant; }
    const std::string& plugin() const override { return row_.plugin; }
    const std::string& kind() const override { return row_.kind; }
    const concejo::Json& payload() const override { return row_.payload; }
    int attempt() const override { return row_.attempt; }
    bool stopping() const override { return stopping_ || lost_; }
    db::Transaction& transaction() override;
    void progress(std::uint64_t done, std::uint64_t total, std::string_view message) override;

    const std::string& token() const { return row_.token; }
    void lose() { lost_ = true; }  ///< from any thread

    /// Runs the handler and writes how it ended. Never throws.
    void run(const Handler& handler, std::chrono::milliseconds first_pause) noexcept;

private:
    void finish();
    void postpone(const std::string& why);
    void failed(const std::string& why, bool for_good, std::chrono::milliseconds first_pause);

    db::Pool& pool_;
    const Row row_;
    const std::chrono::milliseconds statement_timeout_;
    const std::atomic<bool>& stopping_;
    std::atomic<bool> lost_{false};
    std::optional<db::Transaction> tx_;
    std::chrono::steady_clock::time_point shown_{};
};

}  // namespace kernel::jobs
