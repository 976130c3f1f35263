// Finding a series, and counting in it: the first time costs a look through the table, afterwards one atomic
// add.
#pragma once

#include "kernel/metrics/region.hpp"

#include <functional>
#include <memory>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kernel::metrics {

/// What a name means. Names: Prometheus's rules, base units; counters end in `_total`.
struct Family {
    std::string_view name;
    Kind kind;
    std::string_view help;             ///< one line, for operators, in Spanish
    std::span<const double> bounds{};  ///< of a histogram's buckets, rising; at most most_bounds
};

/// (label, value) in the order of the exposition. Empty values are left out, as Prometheus takes them.
using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

/// A cell of the region, for as long as the process lives. Thread-safe; never waits, never fails.
class Series {
public:
    Series(Slot& slot, std::span<const double> bounds) : slot_(&slot), bounds_(bounds) {}

    /// Of a counter.
    void add(std::uint64_t n = 1) const noexcept { slot_->values[0].fetch_add(n, std::memory_order_relaxed); }
    /// Of a gauge.
    void set(double value) const noexcept;
    void shift(double by) const noexcept;
    /// Of a histogram: one add for its bucket, one for the sum.
    void observe(double value) const noexcept;
    /// Of a counter, for tests.
    std::uint64_t count() const noexcept { return slot_->values[0].load(std::memory_order_relaxed); }

private:
    Slot* slot_;
    std::span<const double> bounds_;
};

/// One process's way into a region. Thread-safe.
class Registry {
public:
    explicit Registry(Region& region) : region_(region) {}
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    /// Makes the family known to whoever reads, with or without series.
    void declare(const Family& family);
    /// The family's series with these labels; made here where nobody has made it. Where the table is full,
    /// one that nobody reads.
    const Series& series(const Family& family, const Labels& labels);

    /// The same for a plugin, which may only take `limit` series of the node's table: past them (and where
    /// the labels do not fit) the one series of the family in which all labels but the plugin's are "otros".
    /// `surplus` is set then, and `first` for the one call of all processes that shall say so in the log.
    struct Limited {
        const Series& series;
        bool surplus = false, first = false;
    };
    Limited limited_series(const Family& family, const Labels& labels, std::string_view plugin,
                           std::uint64_t limit);

    Region& region() const noexcept { return region_; }
    /// This worker's place; null in other processes, and where there are too many.
    Place* place() const noexcept { return place_; }
    void take_place() noexcept { place_ = metrics::take_place(region_); }

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    struct KnownFamily {
        std::uint32_t slot = slot_count;
        std::vector<double> bounds{};
    };
    template <class T>
    using ByText = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

    // ---- under the lock
    std::uint32_t look_for(std::uint64_t id);
    /// The slot of that id, claimed and described where it is new; slot_count where there is no room. `made`:
    /// by this call.
    template <class Describe>
    std::uint32_t find_or_claim(std::uint64_t id, Describe&& describe, bool* made = nullptr);
    const KnownFamily& family_of(const Family& family);
    const Series* known(std::string_view key) const;
    const Series& make(std::string_view key, const Family& family, const Labels& labels,
                       bool* made = nullptr);
    Slot* share_of(std::string_view plugin);

    Region& region_;
    Place* place_ = nullptr;
    mutable std::shared_mutex mutex_;
    ByText<Series> series_;                                   ///< by name and labels; never taken out
    ByText<KnownFamily> families_;                            ///< by all that they say
    std::unordered_map<std::uint64_t, std::uint32_t> slots_;  ///< every id seen so far
    std::uint32_t seen_ = 0;                                  ///< how many slots have been looked at
    std::unique_ptr<Slot> nowhere_ = std::make_unique<Slot>();
};

/// The process's own. A process to which no region was handed (a command, a test) counts for nobody.
Registry& here();
/// From here on this process counts in `region`. Before other threads start; once.
void attach(Region& region);

/// Series of the node that one plugin may take (metricas.series_por_complemento). Set before threads start.
std::uint64_t plugin_limit() noexcept;
void set_plugin_limit(std::uint64_t limit) noexcept;

}  // namespace kernel::metrics
