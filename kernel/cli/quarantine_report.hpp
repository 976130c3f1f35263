// What `concejo plugin list` tells of crashes and quarantines.
#pragma once

#include "kernel/crash/ledger.hpp"
#include "kernel/runtime/configuration.hpp"

#include <concejo/json.hpp>

#include <string>
#include <vector>

namespace kernel::cli {

class QuarantineReport {
public:
    explicit QuarantineReport(const runtime::Configuration& configuration);

    /// "quarantine": [{"tenant": slug|null, "since", "reason", "crashes"}], "recent_crashes": n.
    void add_to(concejo::Json& entry) const;
    /// The same in sentences.
    static std::vector<std::string> lines(const concejo::Json& entry);

private:
    concejo::Json place(const std::string& id) const;

    const runtime::Configuration& configuration_;
    const base::SystemClock clock_{};
    crash::Ledger ledger_;
};

}  // namespace kernel::cli
