#include "kernel/crash/here.hpp"

#include "kernel/crash/fatal.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace kernel::crash {
namespace {

std::atomic<Page*> own_page{nullptr};

/// Without a destructor, so that the signal handler may read it at any time.
thread_local Slot* own_slot = nullptr;

/// Frees the slot when the thread ends.
struct Claim {
    SignalStack stack;  ///< so that a stack that overflowed can still be told
    ~Claim() {
        if (running_slot() != nobody) {  // exit() from within a plugin
            leave_culprit(0);
            ::_exit(EXIT_FAILURE);  // what exit() destroys next is in use by other threads
        }
        Slot* slot = std::exchange(own_slot, nullptr);
        if (slot) slot->taken.store(0, std::memory_order_release);
    }
};

/// Null where there is no page or more threads than slots: its crashes are nobody's then.
Slot* slot_of_this_thread() noexcept {
    if (own_slot) return own_slot;
    Page* page = own_page.load(std::memory_order_acquire);
    if (!page) return nullptr;
    for (auto& slot : page->slots) {
        std::uint32_t free = 0;
        if (!slot.taken.compare_exchange_strong(free, 1)) continue;
        static thread_local std::optional<Claim> claim;
        claim.emplace();
        own_slot = &slot;
        return own_slot;
    }
    return nullptr;
}

void write(Slot& slot, const Frame& frame) noexcept {
    const auto version = slot.version.load(std::memory_order_relaxed);
    slot.version.store(version + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    slot.frame = frame;
    slot.version.store(version + 2, std::memory_order_release);
}

std::int64_t nanoseconds(std::chrono::steady_clock::time_point time) noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

/// Whether an entry answers `matches`, in a list that may be changing meanwhile.
template <class Matches>
bool any_quarantined(Matches matches) noexcept {
    const Page* page = own_page.load(std::memory_order_acquire);
    if (!page) return false;
    for (int tries = 0; tries < 10'000; ++tries) {  // a page written over must not hold us for ever
        const auto version = page->quarantine_version.load(std::memory_order_acquire);
        if (version == 0) return false;  // nothing was ever written: the usual case
        bool found = false;
        const auto count = std::min<std::size_t>(page->quarantined, quarantine_count);
        for (std::size_t i = 0; i < count && !found; ++i) found = matches(page->quarantine[i]);
        std::atomic_thread_fence(std::memory_order_acquire);
        if (version % 2 == 0 && page->quarantine_version.load(std::memory_order_relaxed) == version)
            return found;
    }
    return false;
}

}  // namespace

void attach(Page* page) {
    own_slot = nullptr;
    own_page.store(page, std::memory_order_release);
}

Mark::Mark(Phase phase, std::string_view plugin, std::string_view tenant, std::string_view request,
           std::chrono::steady_clock::time_point hung_at) noexcept
    : slot_(slot_of_this_thread()) {
    if (!slot_) return;
    before_ = slot_->frame;
    Frame frame;
    frame.phase = phase;
    put_text(frame.plugin, plugin);
    put_text(frame.tenant, tenant);
    put_text(frame.request, request);
    frame.started_ns = nanoseconds(std::chrono::steady_clock::now());
    if (hung_at != never) frame.hung_at_ns = nanoseconds(hung_at);
    write(*slot_, frame);
}

Mark::~Mark() {
    if (slot_) write(*slot_, before_);
}

bool in_quarantine(std::string_view plugin, std::string_view tenant) noexcept {
    return any_quarantined([&](const Quarantined& entry) {
        const auto place = text_of(entry.tenant);
        return text_of(entry.plugin) == plugin && (place.empty() || place == tenant);
    });
}

bool kept_from_loading(std::string_view plugin) noexcept {
    return any_quarantined([&](const Quarantined& entry) {
        return entry.starting && text_of(entry.tenant).empty() && text_of(entry.plugin) == plugin;
    });
}

std::uint32_t quarantine_version() noexcept {
    const Page* page = own_page.load(std::memory_order_acquire);
    return page ? page->quarantine_version.load(std::memory_order_acquire) : 0;
}

std::int32_t running_slot() noexcept {
    const Page* page = own_page.load(std::memory_order_relaxed);
    if (!page || !own_slot || own_slot->frame.phase == Phase::idle) return nobody;
    return static_cast<std::int32_t>(own_slot - page->slots) + 1;
}

}  // namespace kernel::crash
