// What the supervisor reads in a worker's page.
#pragma once

#include "kernel/crash/page.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace kernel::crash {

/// A plugin caught running, in the thread that brought its process down or that does not come back.
struct Blame {
    std::string plugin, tenant, request;  ///< tenant: id; empty while it starts
    Phase phase = Phase::idle;
    std::string reason;  ///< "SIGSEGV", "exit", "colgado"
};

/// Of a worker that is dead, or is about to be. Empty where no plugin was running in the thread that fell.
/// `unasked_exit`: it ended by itself, with nothing said: the only plugin that was running, if it is one.
std::optional<Blame> blame_for_death(const Page& page, bool unasked_exit);
/// A thread whose time is over. Any moment.
std::optional<Blame> blame_for_hang(const Page& page, std::chrono::steady_clock::time_point now);
/// A thread that is running a plugin's start(), for a worker that does not get ready.
std::optional<Blame> starting_now(const Page& page);

}  // namespace kernel::crash
