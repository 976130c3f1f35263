// What a scrape answers: families with their samples, and the ways to write them down.
#pragma once

#include "kernel/metrics/registry.hpp"

#include <concejo/json.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace kernel::metrics {

struct Sample {
    std::vector<std::pair<std::string, std::string>> labels;  ///< without empty values
    std::vector<double> values;  ///< one; of a histogram: each bucket by itself, then the sum
};

struct FamilyPage {
    Kind kind = Kind::gauge;
    std::string help;
    std::vector<double> bounds;
    std::vector<Sample> samples;
};

class Page {
public:
    /// A family without samples, where it is not there yet.
    FamilyPage& family(const Family& family);
    void add(const Family& family, const Labels& labels, double value);
    /// Everything that was counted in the region, by families that the region describes.
    void add(const Region& region);

    const std::map<std::string, FamilyPage>& families() const { return families_; }

    /// Prometheus's text format 0.0.4.
    std::string text() const;
    /// OpenMetrics 1.0.0.
    std::string openmetrics() const;
    /// [{"name","type","help","samples":[{"labels":{…},"value":n | "count","sum","buckets":{"le":n}}]}], the
    /// buckets cumulative.
    concejo::Json json() const;

private:
    std::map<std::string, FamilyPage> families_;
};

}  // namespace kernel::metrics
