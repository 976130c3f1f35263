// What all processes of a node count in together: plain memory that holds no pointers and outlives each of
// them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace kernel::metrics {

enum class Kind : std::uint32_t { counter, gauge, histogram };

inline constexpr std::size_t slot_count = 65'536;  ///< memory is taken as slots are used, 640 bytes each
inline constexpr std::size_t value_count = 18, text_size = 464;
inline constexpr std::size_t most_bounds = value_count - 2;  ///< the bucket above the last bound, and the sum
inline constexpr std::size_t place_count = 512;              ///< workers at once, of all generations

/// One family (what a name means), one series of it, or how much of the table a plugin has taken.
enum class Use : std::uint32_t { family = 1, series = 2, share = 3 };

/// Who it is stands in Region::ids; everything but `values` and `order` is written once, then `ready` is set.
struct Slot {
    std::atomic<std::uint32_t> ready;
    Use use;
    Kind kind;
    std::uint32_t family;              ///< of a series: its family's slot
    std::uint32_t bounds;              ///< of a family: how many of `values` are upper bounds of buckets
    std::uint32_t size;                ///< of `text`
    std::atomic<std::uint64_t> order;  ///< of a family: the larger, the later it was declared
    /// Series: a counter's number; a gauge's double; a histogram's buckets (each by itself), then the sum.
    std::atomic<std::uint64_t> values[value_count];
    /// Family: name NUL help. Series: (label NUL value NUL)…. Share: the plugin's id.
    char text[text_size];
};
static_assert(sizeof(Slot) % 16 == 0 && sizeof(Slot) <= 656);

/// What a worker has just now. It belongs to the process `pid`; the supervisor empties it when that is dead.
struct Place {
    std::atomic<std::uint32_t> pid;
    std::atomic<std::uint64_t> connections, handlers_waiting, handlers_running, waiting_bytes, event_streams,
        pool_open, pool_busy, pool_size, cache_bytes, cache_pages, jobs_running;
};

struct Region {
    std::atomic<std::uint64_t> order;  ///< of the last family declared
    std::atomic<std::uint64_t> lost;   ///< series that found no slot
    Place places[place_count];
    std::atomic<std::uint64_t> ids[slot_count];  ///< 0: free. Taken by one compare-and-swap, never given back
    Slot slots[slot_count];
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "shared between processes");

inline std::string_view text_of(const Slot& slot) noexcept {
    return {slot.text, slot.size < text_size ? slot.size : text_size};
}

/// A fresh region that child processes can inherit.
class SharedRegion {
public:
    /// Zeroed. Throws concejo::Error{internal} when the system refuses.
    SharedRegion();
    ~SharedRegion();
    SharedRegion(const SharedRegion&) = delete;
    SharedRegion& operator=(const SharedRegion&) = delete;

    Region& region() const noexcept { return *region_; }
    int fd() const noexcept { return fd_; }  ///< close-on-exec; the child gets a duplicate

private:
    int fd_ = -1;
    Region* region_ = nullptr;
};

/// Maps an inherited one, for as long as the process lives. Throws concejo::Error{internal}.
Region& map_region(int fd);

/// This process's place; null where all are taken. Again and again the same one.
Place* take_place(Region& region) noexcept;
/// Of a process that is dead.
void clear_place(Region& region, std::uint32_t pid) noexcept;

}  // namespace kernel::metrics
