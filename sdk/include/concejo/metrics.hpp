// Figures for whoever runs the platform: what happened how often, how much there is, how long it takes.
//
//   explicit Buzon(concejo::Kernel& kernel)
//       : received_(kernel.metrics().counter("recibidas_total", "Sugerencias recibidas", {"tema"})) { … }
//   … received_.add(request, {"parques"});
//
// Names, labels and their limits: metrics/1 in abi_metrics.h. Labels are kinds of things, never people.
#pragma once

#include <concejo/call.hpp>

#include <initializer_list>

namespace concejo::inline v1 {

/// One series, kept by whoever counts often: adding to it is one atomic add. Any thread.
class MetricSeries {
public:
    MetricSeries(const concejo_metrics_1& table, const concejo_metric_series* series)
        : table_(&table), series_(series) {}
    void add(double amount = 1) const { table_->add(series_, amount); }
    void set(double value) const { table_->set(series_, value); }
    void observe(double value) const { table_->observe(series_, value); }

private:
    const concejo_metrics_1* table_;
    const concejo_metric_series* series_;
};

/// A declared name, for as long as the plugin runs. Copies are alike. Any thread.
class Metric {
public:
    using Values = std::initializer_list<std::string_view>;

    Metric(const detail::Tables& tables, const concejo_metric* metric) : tables_(&tables), metric_(metric) {}

    /// Of the call's municipality. Throws Error{invalid} for other labels than were declared.
    MetricSeries of(const Call& call, Values values = {}) const { return find(call.raw(), values); }
    /// Of the installation.
    MetricSeries of_all(Values values = {}) const { return find(nullptr, values); }

    void add(const Call& call, Values values = {}, double amount = 1) const { of(call, values).add(amount); }
    void set(const Call& call, Values values, double value) const { of(call, values).set(value); }
    void observe(const Call& call, Values values, double value) const { of(call, values).observe(value); }

private:
    MetricSeries find(concejo_call* call, Values values) const {
        std::vector<concejo_str> raw;
        for (const auto value : values) raw.push_back(detail::c(value));
        const concejo_metric_series* series = nullptr;
        const auto& table = *tables_->metrics;
        tables_->check(table.series(tables_->host, call, metric_, raw.data(),
                                    static_cast<std::uint32_t>(raw.size()), &series));
        return {table, series};
    }
    const detail::Tables* tables_;
    const concejo_metric* metric_;
};

/// Declares them, while the plugin starts.
class Metrics {
public:
    using Labels = std::initializer_list<std::string_view>;
    explicit Metrics(const detail::Tables& tables) : tables_(tables) {}

    /// `name` ends in "_total".
    Metric counter(std::string_view name, std::string_view help, Labels labels = {}) const {
        return declare(
            Json::object({{"name", name}, {"kind", "counter"}, {"help", help}, {"labels", list(labels)}}));
    }
    Metric gauge(std::string_view name, std::string_view help, Labels labels = {}) const {
        return declare(
            Json::object({{"name", name}, {"kind", "gauge"}, {"help", help}, {"labels", list(labels)}}));
    }
    /// `buckets`: upper bounds, rising.
    Metric histogram(std::string_view name, std::string_view help, std::initializer_list<double> buckets,
                     Labels labels = {}) const {
        return declare(Json::object({{"name", name},
                                     {"kind", "histogram"},
                                     {"help", help},
                                     {"labels", list(labels)},
                                     {"buckets", list(buckets)}}));
    }

private:
    template <class T>
    static Json list(std::initializer_list<T> items) {
        Json all = Json::array();
        for (const auto& item : items) all.push_back(Json(item));
        return all;
    }
    Metric declare(const Json& declaration) const {
        const auto& table = tables_.need(tables_.metrics, "metrics/1");
        const auto text = declaration.dump();
        const concejo_metric* metric = nullptr;
        tables_.check(table.declare(tables_.host, detail::c(text), &metric));
        return {tables_, metric};
    }
    const detail::Tables& tables_;
};

}  // namespace concejo::inline v1
