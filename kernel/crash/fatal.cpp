#include "kernel/crash/fatal.hpp"

#include "kernel/crash/here.hpp"

#include <signal.h>

#include <array>

namespace kernel::crash {
namespace {

constexpr std::array fatal_signals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
constexpr std::size_t stack_size = 64 * 1024;

std::atomic<Page*> dying_page{nullptr};
std::array<struct sigaction, fatal_signals.size()> former;  ///< what was there before: a sanitizer's, or none

void on_fatal_signal(int signal) {
    leave_culprit(signal);
    for (std::size_t i = 0; i < fatal_signals.size(); ++i) {
        if (fatal_signals[i] == signal) ::sigaction(signal, &former[i], nullptr);
    }
    ::raise(signal);  // delivered when this returns, at the instruction that failed
}

}  // namespace

void watch_for_death(Page& page) {
    dying_page.store(&page);
    struct sigaction action {};
    action.sa_handler = &on_fatal_signal;
    action.sa_flags = SA_ONSTACK;
    ::sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < fatal_signals.size(); ++i) ::sigaction(fatal_signals[i], &action, &former[i]);
}

void die_in_peace() { dying_page.store(nullptr); }

/// The first thread to die is the one to blame: what follows is its consequence.
void leave_culprit(int signal) noexcept {
    Page* page = dying_page.load(std::memory_order_relaxed);
    std::int32_t none = 0;
    if (page && page->culprit.compare_exchange_strong(none, running_slot())) page->signal.store(signal);
}

SignalStack::SignalStack() {
    stack_t current{};
    if (::sigaltstack(nullptr, &current) != 0 || !(current.ss_flags & SS_DISABLE)) return;
    memory_ = std::make_unique_for_overwrite<std::byte[]>(stack_size);
    stack_t own{};
    own.ss_sp = memory_.get();
    own.ss_size = stack_size;
    ::sigaltstack(&own, nullptr);
}

SignalStack::~SignalStack() {
    if (!memory_) return;
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
}

}  // namespace kernel::crash
