// This process's page. A process without one (a command, a test) marks nothing and keeps nobody out.
#pragma once

#include "kernel/crash/page.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace kernel::crash {

/// From here on this process's threads mark what they run in `page`; null: no more. Before other threads
/// start.
void attach(Page* page);

/// Says, for as long as it lives, that this thread runs a plugin's code; then what was said before is said
/// again.
class Mark {
public:
    static constexpr auto never = std::chrono::steady_clock::time_point::max();
    Mark(Phase phase, std::string_view plugin, std::string_view tenant, std::string_view request,
         std::chrono::steady_clock::time_point hung_at = never) noexcept;
    ~Mark();
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

private:
    Slot* slot_;
    Frame before_;
};

/// Not to be called for this municipality (id), or for any. Any thread.
bool in_quarantine(std::string_view plugin, std::string_view tenant) noexcept;
/// It crashed while it started: not to be loaded.
bool kept_from_loading(std::string_view plugin) noexcept;
/// Changes when the list does.
std::uint32_t quarantine_version() noexcept;

/// This thread's slot, counted from 1; `nobody` while it runs no plugin. Safe in a signal handler.
std::int32_t running_slot() noexcept;

}  // namespace kernel::crash
