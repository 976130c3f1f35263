#include "kernel/cli/quarantine_report.hpp"

#include "kernel/base/tr.hpp"

#include <fmt/format.h>

namespace kernel::cli {

using concejo::Json;

QuarantineReport::QuarantineReport(const runtime::Configuration& configuration)
    : configuration_(configuration),
      ledger_(runtime::crash_file(configuration.installation.platform), clock_) {}

/// The municipality's slug; its id where the configuration does not know it any more.
Json QuarantineReport::place(const std::string& id) const {
    if (id.empty()) return {};
    for (const auto& municipio : configuration_.installation.municipios) {
        if (municipio.id == id) return municipio.slug;
    }
    return id;
}

void QuarantineReport::add_to(Json& entry) const {
    const auto id = entry["id"].as_string();
    Json list = Json::array();
    for (const auto& q : ledger_.quarantines()) {
        if (q.plugin != id) continue;
        list.push_back(Json::object({{"tenant", place(q.tenant)},
                                     {"since", base::format_utc(q.since)},
                                     {"reason", q.reason},
                                     {"crashes", q.crashes}}));
    }
    entry["quarantine"] = std::move(list);
    entry["recent_crashes"] = ledger_.recent(id).size();
}

std::vector<std::string> QuarantineReport::lines(const Json& entry) {
    std::vector<std::string> lines;
    for (const auto& q : entry.at("quarantine").as_array()) {
        lines.push_back(base::tr(
            "en cuarentena {0} desde {1}: {2} caídas, la última por {3}",
            q.at("tenant").is_null() ? base::tr("para todos") : base::tr("en {}", q.at("tenant").as_string()),
            q.at("since").as_string(), q.int_or("crashes", 0), q.string_or("reason", "")));
    }
    const auto recent = entry.int_or("recent_crashes", 0);
    if (lines.empty() && recent > 0)
        lines.push_back(base::tr("caídas en los últimos 10 minutos: {}", recent));
    return lines;
}

}  // namespace kernel::cli
