#include "kernel/metrics/page.hpp"

#include "kernel/metrics/catalogue.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

namespace kernel::metrics {
namespace {

using concejo::Json;

constexpr const char* names[] = {"counter", "gauge", "histogram"};
const char* name_of(Kind kind) noexcept { return names[static_cast<std::size_t>(kind)]; }

std::string number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    if (value == std::floor(value) && std::abs(value) < 9e15) return fmt::format("{:.0f}", value);
    return fmt::format("{}", value);
}

/// Bounds are floats in OpenMetrics, and "1" and "1.0" are different labels.
std::string bound(double value) {
    auto text = number(value);
    if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
    return text;
}

/// `quotes`: in a label's value; else in HELP.
std::string escaped(std::string_view text, bool quotes) {
    std::string out;
    for (const char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\\' || (c == '"' && quotes))
            (out += '\\') += c;
        else
            out += c;
    }
    return out;
}

std::string labels_of(const Sample& sample, const std::string& le = {}) {
    std::string text;
    for (const auto& [label, value] : sample.labels)
        text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", label, escaped(value, true));
    if (!le.empty()) text += fmt::format("{}le=\"{}\"", text.empty() ? "" : ",", le);
    return text.empty() ? text : '{' + text + '}';
}

/// Cumulative, with its bound; the last is +Inf and holds all.
template <class F>
double each_bucket(const FamilyPage& family, const Sample& sample, F&& each) {
    double sum = 0;
    for (std::size_t i = 0; i <= family.bounds.size(); ++i) {
        sum += sample.values[i];
        each(i < family.bounds.size() ? bound(family.bounds[i]) : std::string("+Inf"), sum);
    }
    return sum;
}

void write(std::string& out, const std::string& name, const FamilyPage& family) {
    for (const auto& sample : family.samples) {
        if (family.kind != Kind::histogram) {
            out += fmt::format("{}{} {}\n", name, labels_of(sample), number(sample.values[0]));
            continue;
        }
        const double count = each_bucket(family, sample, [&](const std::string& le, double so_far) {
            out += fmt::format("{}_bucket{} {}\n", name, labels_of(sample, le), number(so_far));
        });
        out += fmt::format("{}_sum{} {}\n", name, labels_of(sample), number(sample.values.back()));
        out += fmt::format("{}_count{} {}\n", name, labels_of(sample), number(count));
    }
}

std::vector<std::pair<std::string, std::string>> labels_from(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> labels;
    const auto piece = [&] {
        const auto end = text.find('\0');
        std::string one(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        return one;
    };
    while (!text.empty()) {
        auto label = piece();
        labels.emplace_back(std::move(label), piece());
    }
    return labels;
}

double real(const Slot& slot, std::size_t i) {
    return std::bit_cast<double>(slot.values[i].load(std::memory_order_relaxed));
}

struct Declared {
    const Slot* slot = nullptr;
    std::string_view name() const { return text_of(*slot).substr(0, text_of(*slot).find('\0')); }
    bool means_the_same(const Slot& other) const {
        if (other.kind != slot->kind || other.bounds != slot->bounds) return false;
        for (std::size_t i = 0; i < slot->bounds; ++i)
            if (other.values[i] != slot->values[i]) return false;
        return true;
    }
};

/// Of each name what was declared last: another generation may have meant something else by it.
std::map<std::string_view, Declared> newest_families(const Region& region, std::size_t used) {
    std::map<std::string_view, Declared> newest;
    for (std::size_t i = 0; i < used; ++i) {
        const auto& slot = region.slots[i];
        if (!slot.ready.load(std::memory_order_acquire) || slot.use != Use::family) continue;
        Declared declared{&slot};
        auto& best = newest[declared.name()];
        if (!best.slot || best.slot->order < slot.order) best = declared;
    }
    return newest;
}

Sample sample_from(const Slot& slot, const FamilyPage& family) {
    Sample sample{labels_from(text_of(slot)), {}};
    if (family.kind == Kind::gauge) {
        sample.values = {real(slot, 0)};
    } else if (family.kind == Kind::counter) {
        sample.values = {static_cast<double>(slot.values[0].load(std::memory_order_relaxed))};
    } else {
        for (std::size_t i = 0; i <= family.bounds.size(); ++i)
            sample.values.push_back(static_cast<double>(slot.values[i].load(std::memory_order_relaxed)));
        sample.values.push_back(real(slot, family.bounds.size() + 1));
    }
    return sample;
}

}  // namespace

FamilyPage& Page::family(const Family& family) {
    const auto [at, fresh] = families_.try_emplace(std::string(family.name));
    if (fresh)
        at->second = {
            family.kind, std::string(family.help), {family.bounds.begin(), family.bounds.end()}, {}};
    return at->second;
}

void Page::add(const Family& of, const Labels& labels, double value) {
    Sample sample;
    for (const auto& [label, text] : labels)
        if (!text.empty()) sample.labels.emplace_back(label, text);
    sample.values = {value};
    family(of).samples.push_back(std::move(sample));
}

void Page::add(const Region& region) {
    std::size_t used = 0;
    while (used < slot_count && region.ids[used].load(std::memory_order_acquire) != 0) ++used;
    const auto newest = newest_families(region, used);
    for (const auto& [name, declared] : newest) {
        auto& page = families_[std::string(name)];
        const auto text = text_of(*declared.slot);
        page.kind = declared.slot->kind;
        page.help = text.size() > name.size() ? text.substr(name.size() + 1) : std::string_view();
        page.bounds.clear();
        for (std::size_t i = 0; i < declared.slot->bounds; ++i)
            page.bounds.push_back(real(*declared.slot, i));
    }
    for (std::size_t i = 0; i < used; ++i) {
        const auto& slot = region.slots[i];
        if (!slot.ready.load(std::memory_order_acquire)) continue;
        if (slot.use == Use::share) {
            add(series_used, {{"plugin", text_of(slot)}}, static_cast<double>(slot.values[0]));
        } else if (slot.use == Use::series && slot.family < used) {
            const auto& its = region.slots[slot.family];
            const auto found = newest.find(Declared{&its}.name());
            if (found == newest.end() || !found->second.means_the_same(its)) continue;
            auto& page = families_[std::string(found->first)];
            page.samples.push_back(sample_from(slot, page));
        }
    }
    add(series_lost, {}, static_cast<double>(region.lost));
}

std::string Page::text() const {
    std::string out;
    for (const auto& [name, family] : families_) {
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(family.help, false), name,
                           name_of(family.kind));
        write(out, name, family);
    }
    return out;
}

std::string Page::openmetrics() const {
    constexpr std::string_view total = "_total";
    std::string out;
    for (const auto& [name, family] : families_) {
        std::string_view base = name;
        if (family.kind == Kind::counter && base.ends_with(total)) base.remove_suffix(total.size());
        out += fmt::format("# TYPE {} {}\n# HELP {} {}\n", base, name_of(family.kind), base,
                           escaped(family.help, true));
        write(out, name, family);
    }
    return out + "# EOF\n";
}

Json Page::json() const {
    Json all = Json::array();
    for (const auto& [name, family] : families_) {
        Json samples = Json::array();
        for (const auto& sample : family.samples) {
            Json labels = Json::object();
            for (const auto& [label, value] : sample.labels) labels[label] = value;
            Json one = Json::object({{"labels", labels}});
            if (family.kind == Kind::histogram) {
                Json buckets = Json::object();
                one["count"] = each_bucket(
                    family, sample, [&](const std::string& le, double so_far) { buckets[le] = so_far; });
                one["sum"] = sample.values.back();
                one["buckets"] = buckets;
            } else {
                one["value"] = sample.values[0];
            }
            samples.push_back(one);
        }
        all.push_back(Json::object(
            {{"name", name}, {"type", name_of(family.kind)}, {"help", family.help}, {"samples", samples}}));
    }
    return all;
}

}  // namespace kernel::metrics
