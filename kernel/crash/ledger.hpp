// Who crashed when, and who is in quarantine for it. Kept on disk: a new supervisor remembers.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/crash/blame.hpp"
#include "kernel/crash/page.hpp"

#include <concejo/json.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kernel::crash {

struct Crash {
    base::TimePoint at;
    std::string plugin, tenant, reason, request;
    bool starting = false;
};

struct Quarantine {
    std::string plugin;
    std::string tenant;  ///< id; empty: for every municipality
    base::TimePoint since;
    std::string reason;  ///< of the last crash
    unsigned crashes = 0;
    bool starting = false;  ///< one of them while it started: it is not loaded
};

class Ledger {
public:
    static constexpr unsigned limit = 3;
    static constexpr std::chrono::minutes window{10};

    /// Reads `file`, if it is there. One that cannot be read is set aside as `file`.ilegible, and said.
    Ledger(std::filesystem::path file, const base::Clock& clock);

    /// Notes a crash. Answers the quarantine that it leads to: for its municipality when all the plugin's
    /// crashes of the window are of that one, else for all.
    std::optional<Quarantine> add(const Blame& blame);
    /// Lifts what the plugin has (all of it where no tenant is said) and forgets its crashes there. Answers
    /// what was lifted.
    std::vector<Quarantine> restore(const std::string& plugin, const std::optional<std::string>& tenant);

    /// What restore() answered, after all.
    void put_back(const std::vector<Quarantine>& lifted);

    const std::vector<Quarantine>& quarantines() const { return quarantines_; }
    /// Crashes of the plugin in the window.
    std::vector<Crash> recent(const std::string& plugin) const;
    /// For workers: what none of them may call.
    void publish(Page& page) const;

private:
    bool covers(const std::string& plugin, const std::string& tenant) const;
    void forget_old();
    void load();
    void save() const;

    std::filesystem::path file_;
    const base::Clock& clock_;
    std::vector<Crash> crashes_;
    std::vector<Quarantine> quarantines_;
};

}  // namespace kernel::crash
