// What a module knows, kept alive as open data: open-data:1, typed. Header only; needs the SDK and nothing
// else.
//
//   requires "bus/1 blobs/1 jobs/1 db/1" and, in the descriptor, "open-data:1" among the optional ones
//   concejo::services::live_dataset(kernel, {.id = "sede.tablon", .name = "tablon-de-anuncios", …},
//                                   [](const Call& call, Transaction& tx, LiveRows& rows) {
//                                   rows.add({"2026/0043", std::nullopt}); });
//   concejo::services::refresh_dataset(call, tx, "sede.tablon");   // where its rows change
//
// The rows become the next version of the dataset, by a job of the module's own: when it says that they
// changed, and by its clock. Rows that are the same make none. Without the open-data module nothing is done;
// where it comes later, the clock brings the dataset.
#pragma once

#include <concejo/plugin.hpp>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <initializer_list>

#include <unistd.h>

namespace concejo::inline v1::services {

struct LiveColumn {
    std::string name;
    std::string type = "text";    ///< text, integer, numeric, boolean, date, time, timestamp (of UTC)
    Json title{}, description{};  ///< {"es": …, "ca": …}
    std::string unit{};           ///< "€"
};

struct LiveDataset {
    std::string id;           ///< the module's own, for ever: "sede.tablon"
    std::string name;         ///< in addresses, where it is free: 2 to 100 of a-z 0-9 - _
    std::string label;        ///< of its job, for staff (N_)
    Json title, description;  ///< {"es": …, "ca": …}
    Json left_out{};  ///< what the rows do not have and why: {"es": "Los anuncios retirados no llevan título
                      ///< …"}
    Json keywords{};  ///< {"es": ["tablón", …]}
    std::string sector = "sector-publico";  ///< code of the NTI
    std::string frequency{};                ///< code: "DAILY", "CONT" …
    std::vector<LiveColumn> columns;
    std::vector<std::string> key{};  ///< columns that tell rows apart
    std::string since{};             ///< column of days, the first of which is when the data begin
    bool history = true;             ///< false: what an older version held is erased as the next one comes
    std::string cron = "20 4 * * *";
};

/// Whether the municipality has the module. One that is in quarantine counts: its jobs then wait.
inline bool has_open_data(const Call& call) {
    const Json town = call.municipality();
    for (const auto& module : town.at("modules").as_array())
        if (module.as_string() == "open-data") return true;
    return false;
}

/// Rows on their way, in a file: as many as there are, in constant memory.
class LiveRows {
public:
    using Value = std::optional<std::string>;  ///< numbers "-12.5", days "2026-01-31", instants
                                               ///< "2026-01-31T10:00:00Z", "true"

    explicit LiveRows(const std::vector<LiveColumn>& columns)
        : columns_(columns.size()),
          path_((std::filesystem::temp_directory_path() / "concejo-vivos-XXXXXX").string()) {
        const int descriptor = ::mkstemp(path_.data());
        if (descriptor < 0) throw Error(ErrorKind::unavailable, "no se puede crear " + path_);
        ::close(descriptor);
        out_.open(path_, std::ios::binary);
        std::vector<Value> names;
        for (const auto& one : columns) names.emplace_back(one.name);
        add(names);
    }
    ~LiveRows() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    LiveRows(const LiveRows&) = delete;
    LiveRows& operator=(const LiveRows&) = delete;

    /// One for each column, in their order. Throws Error{internal} for fewer or more.
    void add(const std::vector<Value>& values) {
        if (values.size() != columns_)
            throw Error(ErrorKind::internal, "una fila con " + std::to_string(values.size()) +
                                                 " valores para " + std::to_string(columns_) + " columnas");
        std::string line;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0) line += ',';
            if (values[i]) quote(line, *values[i]);
        }
        out_ << line << "\r\n";
    }
    /// Throws Error{unavailable} where the disk is full.
    const std::string& finish() {
        out_.close();
        if (!out_)
            throw Error(ErrorKind::unavailable,
                        "no se puede escribir en " + path_ + ": ¿está lleno el disco?");
        return path_;
    }

private:
    static void quote(std::string& line, const std::string& value) {
        line += '"';
        for (const char c : value) {
            if (c == '"') line += '"';
            line += c;
        }
        line += '"';
    }
    std::size_t columns_;
    std::string path_;
    std::ofstream out_;
};

/// Writes the rows that there are, in an order that does not change by itself: the file's hash tells whether
/// anything did.
using YieldRows = std::function<void(const Call&, Transaction&, LiveRows&)>;

namespace detail_open_data {

inline Json message(const LiveDataset& what, const std::string& sha256) {
    Json columns = Json::array(), key = Json::array();
    for (const auto& one : what.columns)
        columns.push_back(Json::object({{"name", one.name},
                                        {"type", one.type},
                                        {"title", one.title},
                                        {"description", one.description},
                                        {"unit", one.unit}}));
    for (const auto& one : what.key) key.push_back(one);
    return Json::object({{"id", what.id},
                         {"name", what.name},
                         {"title", what.title},
                         {"description", what.description},
                         {"left_out", what.left_out},
                         {"keywords", what.keywords},
                         {"sector", what.sector},
                         {"frequency", what.frequency},
                         {"since", what.since},
                         {"columns", columns},
                         {"key", key},
                         {"history", what.history},
                         {"sha256", sha256}});
}

inline std::string job_of(std::string_view id) { return "datos-abiertos:" + std::string(id); }

inline void run(const Call& call, const LiveDataset& what, const YieldRows& yield) {
    if (!has_open_data(call)) return;
    auto tx = call.begin();
    LiveRows rows(what.columns);
    yield(call, tx, rows);
    const auto sha256 = call.put_file(tx, rows.finish(), "text/csv");
    call.ask_service("open-data:1", "refresh", message(what, sha256), &tx);
    call.remove_blob(tx, sha256);  // the version that it became has a use of its own
    tx.commit();
}

}  // namespace detail_open_data

/// Declares it while the plugin starts.
inline void live_dataset(Kernel& kernel, LiveDataset what, YieldRows yield) {
    const auto kind = detail_open_data::job_of(what.id);
    const auto label = what.label;
    const auto cron = what.cron;
    kernel.job(kind,
               [what = std::move(what), yield = std::move(yield)](const Call& call, const Json&, const Job&) {
                   detail_open_data::run(call, what, yield);
               },
               {.label = label});
    kernel.schedule(Json::object({{"kind", kind}, {"cron", cron}}));
}

/// Its rows change as `tx` commits, or will at that instant (Unix seconds): those of half a minute become one
/// version.
inline void refresh_dataset(const Call& call, Transaction& tx, std::string_view id, std::int64_t at = 0) {
    if (!has_open_data(call)) return;
    constexpr std::int64_t together = 30;
    const std::int64_t when = (std::max<std::int64_t>(at, std::time(nullptr)) / together + 1) * together;
    call.enqueue(tx, Json::object({{"kind", detail_open_data::job_of(id)},
                                   {"payload", Json::object()},
                                   {"run_at", when},
                                   {"unique", std::to_string(when)}}));
}

}  // namespace concejo::inline v1::services
