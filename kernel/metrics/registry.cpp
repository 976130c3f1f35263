#include "kernel/metrics/registry.hpp"

#include "kernel/base/digest.hpp"

#include <algorithm>
#include <bit>
#include <mutex>

namespace kernel::metrics {
namespace {

/// Adds to a double that others add to as well.
void add_double(std::atomic<std::uint64_t>& cell, double by) noexcept {
    auto was = cell.load(std::memory_order_relaxed);
    while (!cell.compare_exchange_weak(was, std::bit_cast<std::uint64_t>(std::bit_cast<double>(was) + by),
                                       std::memory_order_relaxed)) {
    }
}

/// Never 0, which stands for "free". 64 bits of a SHA-256: with a full table the chance that any two meet is
/// 1 in 10^10.
std::uint64_t id_of(std::string_view text) {
    const auto digest = base::sha256(text);
    std::uint64_t id = 0;
    std::memcpy(&id, digest.data(), sizeof id);
    return id ? id : 1;
}

void put(std::string& text, std::string_view piece) { text.append(piece).append(1, '\0'); }

/// What identifies a family's values: its help may change without their meaning another thing.
std::string sense_of(const Family& family) {
    std::string text;
    put(text, family.name);
    put(text, std::to_string(static_cast<unsigned>(family.kind)));
    for (const double bound : family.bounds) put(text, std::to_string(bound));
    return text;
}

std::string labels_text(const Labels& labels) {
    std::string text;
    for (const auto& [label, value] : labels) {
        if (value.empty()) continue;
        put(text, label);
        put(text, value);
    }
    return text;
}

/// The name and the labels, in memory that each thread keeps: the way of every increment by name.
std::string_view key_of(const Family& family, const Labels& labels) {
    thread_local std::string key;
    key.clear();
    put(key, family.name);
    for (const auto& [label, value] : labels) {
        put(key, label);
        put(key, value);
    }
    return key;
}

void write_text(Slot& slot, std::string_view text) noexcept {
    slot.size = static_cast<std::uint32_t>(std::min(text.size(), text_size));
    std::memcpy(slot.text, text.data(), slot.size);
}

Labels surplus_of(const Labels& labels) {
    auto others = labels;
    for (auto& [label, value] : others)
        if (label != "plugin") value = "otros";
    return others;
}

}  // namespace

void Series::set(double value) const noexcept {
    slot_->values[0].store(std::bit_cast<std::uint64_t>(value), std::memory_order_relaxed);
}

void Series::shift(double by) const noexcept { add_double(slot_->values[0], by); }

void Series::observe(double value) const noexcept {
    const auto bucket =
        static_cast<std::size_t>(std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin());
    slot_->values[bucket].fetch_add(1, std::memory_order_relaxed);
    add_double(slot_->values[bounds_.size() + 1], value);
}

std::uint32_t Registry::look_for(std::uint64_t id) {
    for (; seen_ < slot_count; ++seen_) {
        const auto there = region_.ids[seen_].load(std::memory_order_acquire);
        if (there == 0) break;
        slots_.emplace(there, seen_);
    }
    const auto found = slots_.find(id);
    return found == slots_.end() ? slot_count : found->second;
}

// Whoever is killed between the claim and `ready` leaves a slot without a description: the next one who wants
// that id writes the same bytes into it.
template <class Describe>
std::uint32_t Registry::find_or_claim(std::uint64_t id, Describe&& describe, bool* made) {
    for (;;) {
        auto at = look_for(id);
        std::uint64_t free = 0;
        if (at == slot_count && seen_ == slot_count) {
            ++region_.lost;
            return slot_count;
        }
        if (at == slot_count) {
            if (!region_.ids[seen_].compare_exchange_strong(free, id)) continue;  // somebody was quicker
            at = seen_;
            if (made) *made = true;
        }
        auto& slot = region_.slots[at];
        if (!slot.ready.load(std::memory_order_acquire)) {
            describe(slot);
            slot.ready.store(1, std::memory_order_release);
        }
        return at;
    }
}

const Registry::KnownFamily& Registry::family_of(const Family& family) {
    auto key = sense_of(family);
    put(key, family.help);
    if (const auto found = families_.find(key); found != families_.end()) return found->second;
    KnownFamily known;
    known.bounds.assign(family.bounds.begin(),
                        family.bounds.begin() + std::min(family.bounds.size(), most_bounds));
    known.slot = find_or_claim(id_of("family" + key), [&](Slot& slot) {
        slot.use = Use::family;
        slot.kind = family.kind;
        slot.bounds = static_cast<std::uint32_t>(known.bounds.size());
        for (std::size_t i = 0; i < known.bounds.size(); ++i)
            slot.values[i] = std::bit_cast<std::uint64_t>(known.bounds[i]);
        write_text(slot, std::string(family.name) + '\0' + std::string(family.help));
    });
    if (known.slot != slot_count) region_.slots[known.slot].order = ++region_.order;
    return families_.emplace(std::move(key), std::move(known)).first->second;
}

const Series* Registry::known(std::string_view key) const {
    const auto found = series_.find(key);
    return found == series_.end() ? nullptr : &found->second;
}

const Series& Registry::make(std::string_view key, const Family& family, const Labels& labels, bool* made) {
    if (const auto* there = known(key)) return *there;
    const auto& of = family_of(family);
    const auto text = labels_text(labels);
    const auto at = of.slot == slot_count || text.size() > text_size
                        ? slot_count
                        : find_or_claim(
                              id_of("series" + sense_of(family) + text),
                              [&](Slot& slot) {
                                  slot.use = Use::series;
                                  slot.kind = family.kind;
                                  slot.family = of.slot;
                                  write_text(slot, text);
                              },
                              made);
    auto& slot = at == slot_count ? *nowhere_ : region_.slots[at];
    return series_.emplace(std::string(key), Series(slot, of.bounds)).first->second;
}

void Registry::declare(const Family& family) {
    const std::unique_lock lock(mutex_);
    family_of(family);
}

const Series& Registry::series(const Family& family, const Labels& labels) {
    const auto key = key_of(family, labels);
    {
        const std::shared_lock lock(mutex_);
        if (const auto* there = known(key)) return *there;
    }
    const std::unique_lock lock(mutex_);
    return make(key, family, labels);
}

Slot* Registry::share_of(std::string_view plugin) {
    const auto at = find_or_claim(id_of("share" + std::string(plugin)), [&](Slot& slot) {
        slot.use = Use::share;
        write_text(slot, plugin);
    });
    return at == slot_count ? nullptr : &region_.slots[at];
}

// A share is taken before its series: who is killed in between has taken one too many, and nobody waits for
// it.
Registry::Limited Registry::limited_series(const Family& family, const Labels& labels,
                                           std::string_view plugin, std::uint64_t limit) {
    const auto key = key_of(family, labels);
    {
        const std::shared_lock lock(mutex_);
        if (const auto* there = known(key)) return {*there};
    }
    const std::unique_lock lock(mutex_);
    if (const auto* there = known(key)) return {*there};
    const auto text = labels_text(labels);
    const bool fits = text.size() <= text_size;
    if (fits && look_for(id_of("series" + sense_of(family) + text)) != slot_count)
        return {make(key, family, labels)};
    auto* share = share_of(plugin);
    if (share && fits && share->values[0].fetch_add(1) < limit) {
        bool made = false;
        const auto& series = make(key, family, labels, &made);
        if (!made) --share->values[0];  // another process had it in the meantime
        return {series};
    }
    if (share && fits) --share->values[0];
    const bool first = share && share->values[1].exchange(1) == 0;
    const auto others = surplus_of(labels);
    return {make(std::string(key_of(family, others)), family, others), true, first};
}

namespace {
Registry* handed = nullptr;
std::atomic<std::uint64_t> most_of_a_plugin{2'000};
}  // namespace

std::uint64_t plugin_limit() noexcept { return most_of_a_plugin; }
void set_plugin_limit(std::uint64_t limit) noexcept { most_of_a_plugin = limit; }

Registry& here() {
    if (handed) return *handed;
    static const SharedRegion own;
    static Registry registry(own.region());
    return registry;
}

void attach(Region& region) {
    static Registry registry(region);
    handed = &registry;
}

}  // namespace kernel::metrics
