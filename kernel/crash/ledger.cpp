#include "kernel/crash/ledger.hpp"

#include <algorithm>

namespace kernel::crash {

Ledger::Ledger(std::filesystem::path file, const base::Clock& clock) : file_(std::move(file)), clock_(clock) {
    load();
    forget_old();
}

void Ledger::forget_old() {
    const auto oldest = clock_.now() - window;
    std::erase_if(crashes_, [&](const Crash& crash) { return crash.at <= oldest; });
}

bool Ledger::covers(const std::string& plugin, const std::string& tenant) const {
    return std::any_of(quarantines_.begin(), quarantines_.end(), [&](const Quarantine& q) {
        return q.plugin == plugin && (q.tenant.empty() || q.tenant == tenant);
    });
}

std::vector<Crash> Ledger::recent(const std::string& plugin) const {
    const auto oldest = clock_.now() - window;
    std::vector<Crash> found;
    std::copy_if(crashes_.begin(), crashes_.end(), std::back_inserter(found),
                 [&](const Crash& crash) { return crash.plugin == plugin && crash.at > oldest; });
    return found;
}

std::optional<Quarantine> Ledger::add(const Blame& blame) {
    forget_old();
    crashes_.push_back(
        {clock_.now(), blame.plugin, blame.tenant, blame.reason, blame.request, blame.phase == Phase::start});
    const auto all = recent(blame.plugin);
    std::optional<Quarantine> fresh;
    if (all.size() >= limit && !covers(blame.plugin, blame.tenant)) {
        const bool shared = !blame.tenant.empty() &&
                            std::all_of(all.begin(), all.end(),
                                        [&](const Crash& crash) { return crash.tenant == blame.tenant; });
        fresh = Quarantine{blame.plugin,
                           shared ? blame.tenant : std::string(),
                           clock_.now(),
                           blame.reason,
                           static_cast<unsigned>(all.size()),
                           std::any_of(all.begin(), all.end(), [](const Crash& c) { return c.starting; })};
        if (!shared)  // the wider one says it all
            std::erase_if(quarantines_, [&](const Quarantine& q) { return q.plugin == blame.plugin; });
        quarantines_.push_back(*fresh);
    }
    save();
    return fresh;
}

std::vector<Quarantine> Ledger::restore(const std::string& plugin, const std::optional<std::string>& tenant) {
    const auto meant = [&](const auto& one) {
        return one.plugin == plugin && (!tenant || one.tenant == *tenant);
    };
    std::vector<Quarantine> lifted;
    std::copy_if(quarantines_.begin(), quarantines_.end(), std::back_inserter(lifted), meant);
    if (lifted.empty()) return lifted;
    std::erase_if(quarantines_, meant);
    std::erase_if(crashes_, meant);
    save();
    return lifted;
}

void Ledger::put_back(const std::vector<Quarantine>& lifted) {
    for (const auto& quarantine : lifted) {
        if (!covers(quarantine.plugin, quarantine.tenant)) quarantines_.push_back(quarantine);
    }
    save();
}

void Ledger::publish(Page& page) const {
    const auto version = page.quarantine_version.load(std::memory_order_relaxed);
    page.quarantine_version.store(version + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    std::size_t count = 0;
    for (const auto& q : quarantines_) {
        if (count == quarantine_count) break;
        auto& entry = page.quarantine[count++];
        put_text(entry.plugin, q.plugin);
        put_text(entry.tenant, q.tenant);
        entry.starting = q.starting;
    }
    page.quarantined = static_cast<std::uint32_t>(count);
    page.quarantine_version.store(version + 2, std::memory_order_release);
}

}  // namespace kernel::crash
