// The Metadata Quality Assessment of data.europa.eu (https://data.europa.eu/mqa/methodology), counted before
// they do.
#pragma once

#include "model.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace open_data::dcat {

enum class Dimension { findability, accessibility, interoperability, reusability, contextuality };
enum class Rating { bad, sufficient, good, excellent };

struct Metric {
    Dimension dimension;
    const char* metric;                 ///< property asked for: "dcat:keyword"
    double points;                      ///< weight by the share that complies
    int most;                           ///< its weight
    std::size_t complying, population;  ///< datasets, or distributions
    const char* why;                    ///< Spanish text to translate
    const char* remedy;                 ///< Spanish text to translate: what gives the points that are missing
};

struct Score {
    std::vector<Metric> metrics;  ///< 23, in the order of the methodology
    double points;                ///< 0-405
    Rating rating;                ///< excellent from 351, good from 221, sufficient from 121
};

/// Whether an address answers 200; nothing where nobody has asked yet, which counts as no.
using Answers = std::function<std::optional<bool>(const std::string& url)>;

/// Adds datasets up, keeping counts only. Shares are of datasets or of distributions; of interoperability, by
/// "identical content with several distributions", only the distribution of each dataset with most points
/// counts.
class QualityTally {
public:
    static constexpr std::size_t metrics = 23;

    /// `catalog` must outlive this.
    QualityTally(const Catalog& catalog, Answers answers) : catalog_(catalog), answers_(std::move(answers)) {}

    /// `compliant`: the dataset satisfies the shapes of DCAT-AP; with what this library writes, that it has
    /// no errors (find_problems).
    void add(const Dataset& dataset, bool compliant);
    Score score() const;

private:
    void count(std::size_t metric, bool complies, std::size_t times = 1);
    void add_distribution(const Dataset& dataset, const Distribution& distribution);
    void add_best_distribution(const Dataset& dataset);
    const Catalog& catalog_;
    Answers answers_;
    std::array<std::size_t, metrics> complying_{}, population_{};
};

Score score(const Dataset& dataset, const Catalog& catalog, bool compliant, const Answers& answers);
Rating rating(double points);

}  // namespace open_data::dcat
