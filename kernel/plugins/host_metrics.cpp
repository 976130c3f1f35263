#include "kernel/base/log.hpp"
#include "kernel/base/text.hpp"
#include "kernel/metrics/catalogue.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"

#include <concejo/detail/metric_rules.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

/// What a plugin declared; as long as the process, like the plugin.
struct concejo_metric {
    concejo::detail::MetricDeclaration declaration;
    std::string plugin, name;  ///< name: as exposed
    kernel::metrics::Family family() const {
        return {name, static_cast<kernel::metrics::Kind>(declaration.kind), declaration.help,
                declaration.buckets};
    }
};

/// A series with the rules of its kind, and for what is counted under "otros" the counter of that.
struct concejo_metric_series {
    const kernel::metrics::Series& series;
    concejo::detail::MetricKind kind;
    const kernel::metrics::Series* surplus;
};

namespace kernel::plugins {
namespace {

using concejo::detail::MetricKind;

/// The declared metrics and handed out series of this process. Handles are never freed: plugins are not
/// unloaded.
class Handles {
public:
    const concejo_metric* declare(concejo_metric metric) {
        const std::lock_guard lock(mutex_);
        for (const auto& other : metrics_)
            if (other->name == metric.name)
                concejo::detail::refuse_metric(metric.declaration.name, "ya está declarada");
        metrics_.push_back(std::make_unique<concejo_metric>(std::move(metric)));
        return metrics_.back().get();
    }
    /// One for each cell of the region that a plugin counts in, and one for each that stands for a surplus.
    const concejo_metric_series* handle(const metrics::Series& series, MetricKind kind,
                                        const metrics::Series* surplus) {
        {
            const std::shared_lock lock(series_mutex_);
            const auto found = series_.find({&series, surplus});
            if (found != series_.end()) return found->second.get();
        }
        const std::unique_lock lock(series_mutex_);
        auto& kept = series_[{&series, surplus}];
        if (!kept) kept.reset(new concejo_metric_series{series, kind, surplus});
        return kept.get();
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<concejo_metric>> metrics_;
    std::shared_mutex series_mutex_;
    std::map<std::pair<const metrics::Series*, const metrics::Series*>,
             std::unique_ptr<concejo_metric_series>>
        series_;
};

Handles& handles() {
    static Handles all;
    return all;
}

std::string exposed_name(const std::string& plugin, const std::string& name) {
    auto prefix = plugin;
    std::replace_if(
        prefix.begin(), prefix.end(), [](char c) { return c == '.' || c == '-'; }, '_');
    return "concejo_plugin_" + prefix + "_" + name;
}

concejo_status declare(const concejo_host* host, concejo_str declaration, const concejo_metric** metric) {
    return host_guard([&] {
        const auto& handle = registering(host, "una métrica");
        concejo_metric made{concejo::detail::metric_declaration(concejo::Json::parse(view(declaration))),
                            handle.plugin->id,
                            {}};
        made.name = exposed_name(made.plugin, made.declaration.name);
        *metric = handles().declare(std::move(made));
        metrics::here().declare((*metric)->family());
    });
}

void tell_of_surplus(const concejo_metric& metric) {
    base::log_warning({"metrics", {}, metric.plugin, {}},
                      "el complemento pide demasiadas series; las siguientes se cuentan juntas, en «otros»",
                      concejo::Json::object(
                          {{"metric", metric.name}, {"limit", static_cast<long>(metrics::plugin_limit())}}));
}

concejo_status series(const concejo_host*, concejo_call* call, const concejo_metric* metric,
                      const concejo_str* values, std::uint32_t count, const concejo_metric_series** out) {
    return host_guard([&] {
        const auto& declaration = metric->declaration;
        std::vector<std::string_view> texts;
        for (std::uint32_t i = 0; i < count; ++i) texts.push_back(view(values[i]));
        concejo::detail::check_metric_values(declaration, texts);
        metrics::Labels labels{{"tenant", {}}, {"plugin", metric->plugin}};
        if (call && call->scope->tenant) labels.front().second = call->scope->tenant->config.slug;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (base::utf8_invalid_at(texts[i]) != texts[i].size())
                concejo::detail::refuse_metric(declaration.name,
                                               "el valor de «" + declaration.labels[i] + "» no es UTF-8");
            labels.emplace_back(declaration.labels[i], texts[i]);
        }
        const auto found =
            metrics::here().limited_series(metric->family(), labels, metric->plugin, metrics::plugin_limit());
        if (found.first) tell_of_surplus(*metric);
        const auto* surplus =
            found.surplus ? &metrics::here().series(metrics::surplus, {{"plugin", metric->plugin}}) : nullptr;
        *out = handles().handle(found.series, declaration.kind, surplus);
    });
}

void note_surplus(const concejo_metric_series& series) noexcept {
    if (series.surplus) series.surplus->add();
}

void add(const concejo_metric_series* series, double amount) {
    if (series->kind == MetricKind::gauge) {
        series->series.shift(amount);
    } else if (series->kind == MetricKind::counter && amount >= 0 && amount < 1e15 &&
               amount == static_cast<double>(static_cast<std::uint64_t>(amount))) {
        series->series.add(static_cast<std::uint64_t>(amount));
    } else {
        return;
    }
    note_surplus(*series);
}

void set(const concejo_metric_series* series, double value) {
    if (series->kind != MetricKind::gauge) return;
    series->series.set(value);
    note_surplus(*series);
}

void observe(const concejo_metric_series* series, double value) {
    if (series->kind != MetricKind::histogram || value != value) return;
    series->series.observe(value);
    note_surplus(*series);
}

}  // namespace

const concejo_metrics_1& metrics_table() {
    static const concejo_metrics_1 table{sizeof(concejo_metrics_1), &declare, &series, &add, &set, &observe};
    return table;
}

}  // namespace kernel::plugins
