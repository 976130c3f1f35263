// One dataset of a source becomes one of ours, or says why not.
#pragma once

#include "harvested.hpp"
#include "source.hpp"

#include <map>
#include <set>

namespace open_data {

/// What the table open_data_harvested holds of one.
struct HarvestEntry {
    std::string dataset, hash, outcome;
    bool gone = false;
};

class HarvestIntake {
public:
    HarvestIntake(const Portal& portal, concejo::Transaction& tx, const Source& source)
        : portal_(portal), tx_(tx), catalogue_(tx), source_(source) {}

    struct Result {
        std::string outcome;  ///< as open_data_harvested.outcome
        std::string tally;    ///< added, changed, same, returned, draft, refused, duplicate, own, local
        Json notes;
        bool visible = false;  ///< what the public sees has changed
    };
    Result take(harvest::Item item, const HarvestEntry* known, const std::string& hash);
    /// It is not offered any more, for this reason; when its source gives it again it comes back.
    void withdraw(const std::string& dataset, const std::string& reason);

private:
    std::optional<Result> not_taken(harvest::Item&, const HarvestEntry*, std::optional<Dataset>&);
    Dataset write(const harvest::Item&, std::optional<Dataset>);
    void write_resources(const Dataset&, const Json& resources);
    std::string free_name(const std::string& title);
    std::string organization();

    const Portal& portal_;
    concejo::Transaction& tx_;
    Catalogue catalogue_;
    const Source& source_;
    std::string organization_;
};

}  // namespace open_data
