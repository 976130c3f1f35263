// What metrics/1 takes: the kernel and the fake kernel refuse alike.
#pragma once

#include <concejo/error.hpp>
#include <concejo/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace concejo::inline v1::detail {

inline constexpr std::size_t most_labels = 4, most_buckets = 16, longest_metric_name = 64, longest_label = 24,
                             longest_label_value = 48, longest_help = 200;

enum class MetricKind { counter, gauge, histogram };

struct MetricDeclaration {
    std::string name, help;
    MetricKind kind = MetricKind::counter;
    std::vector<std::string> labels;
    std::vector<double> buckets;
};

inline bool is_metric_word(std::string_view text, std::size_t longest) {
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && text.size() <= longest && lower(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '_'; });
}

inline bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
}

[[noreturn]] inline void refuse_metric(const std::string& name, const std::string& why) {
    throw Error(ErrorKind::invalid, "la métrica «" + name + "»: " + why);
}

inline void check_metric_name(const MetricDeclaration& d) {
    if (!is_metric_word(d.name, longest_metric_name))
        refuse_metric(d.name,
                      "el nombre ha de ser de minúsculas sin tilde, cifras y «_», empezar por letra y no "
                      "pasar de 64");
    const bool total = d.name.ends_with("_total");
    if (total != (d.kind == MetricKind::counter))
        refuse_metric(d.name, total ? "solo un contador (counter) acaba en «_total»"
                                    : "el nombre de un contador acaba en «_total»");
    for (const char* end : {"_bucket", "_sum", "_count", "_info", "_created"})
        if (d.name.ends_with(end))
            refuse_metric(d.name, std::string("el final «") + end + "» está reservado");
}

inline void check_metric_labels(const MetricDeclaration& d) {
    if (d.labels.size() > most_labels) refuse_metric(d.name, "lleva más de cuatro etiquetas");
    for (auto label = d.labels.begin(); label != d.labels.end(); ++label) {
        if (!is_metric_word(*label, longest_label))
            refuse_metric(d.name,
                          "la etiqueta «" + *label +
                              "» ha de ser de minúsculas sin tilde, cifras y «_», empezar por letra y no "
                              "pasar de 24");
        for (const char* ours : {"tenant", "plugin", "le", "quantile"})
            if (*label == ours) refuse_metric(d.name, "la etiqueta «" + *label + "» la pone el núcleo");
        if (std::find(d.labels.begin(), label, *label) != label)
            refuse_metric(d.name, "la etiqueta «" + *label + "» está repetida");
    }
}

inline void check_metric_buckets(const MetricDeclaration& d) {
    if ((d.kind == MetricKind::histogram) == d.buckets.empty())
        refuse_metric(d.name, "los límites (buckets) son de los histogramas, y un histograma los necesita");
    if (d.buckets.size() > most_buckets) refuse_metric(d.name, "lleva más de 16 límites (buckets)");
    for (std::size_t i = 0; i < d.buckets.size(); ++i)
        if (!std::isfinite(d.buckets[i]) || (i > 0 && d.buckets[i] <= d.buckets[i - 1]))
            refuse_metric(d.name, "los límites (buckets) han de ir de menor a mayor");
}

/// Throws Error{invalid} saying what is wrong.
inline MetricDeclaration metric_declaration(const Json& json) {
    MetricDeclaration d;
    d.name = json.at("name").as_string();
    d.help = json.string_or("help", "");
    const auto kind = json.at("kind").as_string();
    if (kind != "counter" && kind != "gauge" && kind != "histogram")
        refuse_metric(d.name, "la clase ha de ser counter, gauge o histogram, y es «" + kind + "»");
    d.kind = kind == "counter" ? MetricKind::counter
             : kind == "gauge" ? MetricKind::gauge
                               : MetricKind::histogram;
    if (const auto* labels = json.find("labels"))
        for (const auto& label : labels->as_array()) d.labels.push_back(label.as_string());
    if (const auto* buckets = json.find("buckets"))
        for (const auto& bucket : buckets->as_array()) d.buckets.push_back(bucket.as_double());
    check_metric_name(d);
    if (d.help.empty() || d.help.size() > longest_help || has_control(d.help))
        refuse_metric(d.name, "la explicación (help) ha de ser una línea de 200 bytes como mucho");
    check_metric_labels(d);
    check_metric_buckets(d);
    return d;
}

/// The same for the values that a series is asked with.
template <class Values>
void check_metric_values(const MetricDeclaration& d, const Values& values) {
    if (values.size() != d.labels.size())
        refuse_metric(d.name, "se esperaban " + std::to_string(d.labels.size()) +
                                  " valores de etiqueta y llegan " + std::to_string(values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string_view value = values[i];
        if (value.size() > longest_label_value || has_control(value))
            refuse_metric(d.name,
                          "el valor de «" + d.labels[i] +
                              "» pasa de 48 bytes o lleva caracteres de control: es una clase de cosa, no "
                              "un texto");
    }
}

}  // namespace concejo::inline v1::detail
