// Whom the supervisor blames for its workers' deaths, and whom it keeps from being called for it.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/crash/ledger.hpp"
#include "kernel/supervisor/supervisor.hpp"
#include "kernel/supervisor/worker_process.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <functional>
#include <optional>
#include <string>

namespace kernel::supervisor {

class CrashDesk {
public:
    /// `changed` is called when the list of the quarantined has changed: the workers must be told.
    CrashDesk(const Options& options, std::function<void()> changed);
    ~CrashDesk();

    /// A worker has died, or is killed for hanging, with this plugin running.
    void note(const crash::Blame& blame, pid_t worker);
    /// Takes the plugin's quarantines away, for one municipality or all. One that was not even loaded comes
    /// back with the next generation only: then the caller puts them back or confirms, as that turns out.
    std::vector<crash::Quarantine> lift(const std::string& plugin, const std::optional<std::string>& tenant);
    void put_back(const std::vector<crash::Quarantine>& lifted);
    void confirm(const std::vector<crash::Quarantine>& lifted, const std::string& by);
    const std::vector<crash::Quarantine>& quarantines() const { return ledger_.quarantines(); }
    /// Into a worker's page.
    void publish(crash::Page& page) const { ledger_.publish(page); }

private:
    void record(const crash::Quarantine& quarantine, const std::string& lifted_by);

    const Options& options_;
    const base::SystemClock clock_{};
    crash::Ledger ledger_;
    std::function<void()> changed_;
    std::atomic<bool> closing_{false};
    boost::asio::thread_pool writer_{1};  ///< the audit waits for a database
};

}  // namespace kernel::supervisor
