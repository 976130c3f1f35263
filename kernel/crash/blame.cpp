#include "kernel/crash/blame.hpp"

#include <signal.h>
#include <string.h>

#include <algorithm>

namespace kernel::crash {
namespace {

/// The worker's memory may have been overwritten: only what an id can be made of is believed.
std::string believed(std::string_view text) {
    std::string out(text);
    std::erase_if(out, [](char c) {
        return !(('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '.' ||
                 c == '-' || c == '_' || c == ':');
    });
    return out;
}

std::optional<Blame> blame_of(const Frame& frame, std::string reason) {
    Blame blame{believed(text_of(frame.plugin)), believed(text_of(frame.tenant)),
                believed(text_of(frame.request)), frame.phase, std::move(reason)};
    if (frame.phase == Phase::idle || frame.phase > Phase::stop || blame.plugin.empty()) return std::nullopt;
    return blame;
}

/// A frame of a live process, whole; empty where it kept changing: then its thread is not stuck.
std::optional<Frame> steady_frame(const Slot& slot) {
    for (int tries = 0; tries < 8; ++tries) {
        const auto version = slot.version.load(std::memory_order_acquire);
        const Frame frame = slot.frame;
        std::atomic_thread_fence(std::memory_order_acquire);
        if (version % 2 == 0 && slot.version.load(std::memory_order_relaxed) == version) return frame;
    }
    return std::nullopt;
}

template <class Stuck>
std::optional<Blame> first(const Page& page, Stuck stuck) {
    for (const auto& slot : page.slots) {
        if (slot.taken.load(std::memory_order_relaxed) == 0) continue;
        const auto frame = steady_frame(slot);
        if (!frame || !stuck(*frame)) continue;
        if (auto blame = blame_of(*frame, "colgado")) return blame;
    }
    return std::nullopt;
}

std::optional<Blame> only_one(const Page& page) {
    std::optional<Blame> only;
    for (const auto& slot : page.slots) {
        if (slot.taken.load() == 0) continue;
        auto blame = blame_of(slot.frame, "exit");
        if (blame && only) return std::nullopt;
        if (blame) only = std::move(blame);
    }
    return only;
}

}  // namespace

std::optional<Blame> blame_for_death(const Page& page, bool unasked_exit) {
    const auto culprit = page.culprit.load();
    if (culprit == 0 && unasked_exit) return only_one(page);
    if (culprit < 1 || culprit > static_cast<std::int32_t>(slot_count)) return std::nullopt;
    const int signal = page.signal.load();
    const char* name = signal > 0 ? ::sigabbrev_np(signal) : nullptr;
    return blame_of(page.slots[culprit - 1].frame, name ? std::string("SIG") + name : "exit");
}

std::optional<Blame> blame_for_hang(const Page& page, std::chrono::steady_clock::time_point now) {
    const auto now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
    return first(page, [&](const Frame& f) { return f.hung_at_ns != 0 && now_ns >= f.hung_at_ns; });
}

std::optional<Blame> starting_now(const Page& page) {
    return first(page, [](const Frame& frame) { return frame.phase == Phase::start; });
}

}  // namespace kernel::crash
