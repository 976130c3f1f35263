// The fake kernel's metrics/1: the same rules, and what was counted.
#pragma once

#include <concejo/detail/metric_rules.hpp>
#include <concejo/testing/world.hpp>

namespace concejo::inline v1::testing::detail {

/// What a concejo_metric_series* is. A histogram's value is how often it was observed.
struct MetricCell {
    concejo::detail::MetricKind kind;
    double value = 0;
};

/// What a concejo_metric* is.
struct Metric {
    concejo::detail::MetricDeclaration declaration;
    std::map<std::vector<std::string>, MetricCell> cells;  ///< by the values of its labels
};

inline MetricCell& cell_of(const concejo_metric_series* raw) {
    return *const_cast<MetricCell*>(reinterpret_cast<const MetricCell*>(raw));
}

inline double counted(const World& world, std::string_view name, const std::vector<std::string>& labels) {
    for (const auto& metric : world.metrics) {
        if (metric->declaration.name != name) continue;
        const auto cell = metric->cells.find(labels);
        return cell == metric->cells.end() ? 0 : cell->second.value;
    }
    throw Error(ErrorKind::not_found, "no ha declarado ninguna métrica «" + std::string(name) + "»");
}

inline const concejo_metrics_1& metrics_table() {
    using concejo::detail::MetricKind;
    static const concejo_metrics_1 table = [] {
        concejo_metrics_1 t{};
        t.size = sizeof t;
        t.declare = [](const concejo_host* host, concejo_str declaration, const concejo_metric** metric) {
            return answer([&] {
                auto& world = registering(host, "una métrica");
                auto made = std::make_shared<Metric>();
                made->declaration = concejo::detail::metric_declaration(Json::parse(cpp(declaration)));
                for (const auto& other : world.metrics)
                    if (other->declaration.name == made->declaration.name)
                        concejo::detail::refuse_metric(made->declaration.name, "ya está declarada");
                world.metrics.push_back(made);
                *metric = reinterpret_cast<const concejo_metric*>(made.get());
            });
        };
        t.series = [](const concejo_host*, concejo_call*, const concejo_metric* raw,
                      const concejo_str* values, std::uint32_t count, const concejo_metric_series** series) {
            return answer([&] {
                auto& metric = *const_cast<Metric*>(reinterpret_cast<const Metric*>(raw));
                std::vector<std::string> labels;
                for (std::uint32_t i = 0; i < count; ++i) labels.emplace_back(cpp(values[i]));
                concejo::detail::check_metric_values(metric.declaration, labels);
                auto& cell =
                    metric.cells.try_emplace(labels, MetricCell{metric.declaration.kind}).first->second;
                *series = reinterpret_cast<const concejo_metric_series*>(&cell);
            });
        };
        t.add = [](const concejo_metric_series* raw, double amount) {
            auto& cell = cell_of(raw);
            const bool countable = amount >= 0 && amount == std::floor(amount);
            if (cell.kind == MetricKind::gauge || (cell.kind == MetricKind::counter && countable))
                cell.value += amount;
        };
        t.set = [](const concejo_metric_series* raw, double value) {
            if (cell_of(raw).kind == MetricKind::gauge) cell_of(raw).value = value;
        };
        t.observe = [](const concejo_metric_series* raw, double) {
            if (cell_of(raw).kind == MetricKind::histogram) ++cell_of(raw).value;
        };
        return t;
    }();
    return table;
}

}  // namespace concejo::inline v1::testing::detail
