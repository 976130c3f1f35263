// The last thing a worker does: leave in its page which thread brought it down.
#pragma once

#include "kernel/crash/page.hpp"

#include <cstddef>
#include <memory>

namespace kernel::crash {

/// Handlers for the signals that end a process by its own doing. They write the page and let the process die
/// as it would have (with its core, where cores are kept).
void watch_for_death(Page& page);
/// What happens from here on is nobody's fault: threads that were given up may still run while the process
/// ends.
void die_in_peace();
/// Writes this thread as the one that ends the process, by a signal or by exit() (0). Safe in a handler.
void leave_culprit(int signal) noexcept;

/// A small stack of this thread's for signal handlers, where it has none yet; until the thread ends.
class SignalStack {
public:
    SignalStack();
    ~SignalStack();
    SignalStack(const SignalStack&) = delete;
    SignalStack& operator=(const SignalStack&) = delete;

private:
    std::unique_ptr<std::byte[]> memory_;
};

}  // namespace kernel::crash
