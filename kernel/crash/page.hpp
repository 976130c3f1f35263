// What a worker process and its supervisor share. Plain memory: it outlives the worker and holds no pointers.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace kernel::crash {

inline constexpr std::size_t slot_count = 512;  ///< threads of a worker that run plugins
inline constexpr std::size_t quarantine_count = 128;
inline constexpr std::size_t plugin_size = 64, tenant_size = 32, request_size = 48;

enum class Phase : std::uint32_t { idle, start, call, stop };

/// What a thread is running. Texts end at their first NUL or at their size.
struct Frame {
    Phase phase = Phase::idle;
    char plugin[plugin_size] = {}, tenant[tenant_size] = {}, request[request_size] = {};
    std::int64_t started_ns = 0;  ///< CLOCK_MONOTONIC, which all processes share
    std::int64_t hung_at_ns = 0;  ///< from then on it counts as hung; 0: never
};

/// One thread's. `version` is odd while the frame is being written.
struct alignas(64) Slot {
    std::atomic<std::uint32_t> taken;
    std::atomic<std::uint32_t> version;
    Frame frame;
};

/// A plugin that is not to be called; for every municipality where `tenant` is empty.
struct Quarantined {
    char plugin[plugin_size], tenant[tenant_size];
    std::uint32_t starting;  ///< it crashed while it started: not even to be loaded
};

inline constexpr std::int32_t nobody = -1;

struct Page {
    std::atomic<std::int32_t> culprit;  ///< slot + 1 of the thread that brought the process down; or `nobody`
    std::atomic<std::int32_t> signal;   ///< by which; 0: it called exit()
    std::atomic<std::uint32_t> quarantine_version;  ///< odd while the list is being written
    std::uint32_t quarantined;
    Quarantined quarantine[quarantine_count];
    Slot slots[slot_count];
};

static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "shared between processes");

template <std::size_t N>
void put_text(char (&to)[N], std::string_view text) noexcept {
    const std::size_t size = text.size() < N ? text.size() : N;
    std::memcpy(to, text.data(), size);
    if (size < N) to[size] = '\0';
}

template <std::size_t N>
std::string_view text_of(const char (&from)[N]) noexcept {
    return {from, ::strnlen(from, N)};
}

}  // namespace kernel::crash
