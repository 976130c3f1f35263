// The process that stays: it holds the listening socket, runs the database, and starts, replaces and drains
// the workers. No plugin's code ever runs in it. One thread; what takes long runs in children.
#pragma once

#include "kernel/crash/ledger.hpp"
#include "kernel/metrics/page.hpp"
#include "kernel/paths/paths.hpp"

#include <concejo/json.hpp>

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

namespace kernel::supervisor {

/// What the supervisor needs of one reading of the configuration.
struct Plan {
    std::string address;
    unsigned short port = 0;
    unsigned web_workers = 2, job_workers = 1;
    unsigned drain_seconds = 30;
    std::string problems;  ///< of municipalities that keep their last good file; empty when there are none
    std::function<void()> serving;    ///< once this generation serves
    std::string metrics_address;      ///< of the second door to the metrics
    unsigned short metrics_port = 0;  ///< 0: the unix socket alone
};

/// What came of a request about the configuration's files.
struct ConfigAnswer {
    concejo::Json json;
    std::string file;              ///< "municipios/x.yaml" where it was written …
    std::function<void()> undo{};  ///< … and how to put it back, should it not serve
};

/// Keeps the embedded database alive. Blocking; called off the supervisor's thread.
class DatabaseKeeper {
public:
    virtual ~DatabaseKeeper() = default;
    virtual void ensure_running() = 0;  ///< throws concejo::Error saying what to do
    virtual bool alive() = 0;
    virtual void stop() = 0;
};

struct Options {
    explicit Options(const paths::Paths& where) : paths(where) {}

    paths::Paths paths;
    int listen_fd = -1;
    unsigned short port = 0;
    std::string dir_argument;
    /// Reads and checks the configuration, and leaves its copy in the generation's snapshot folder.
    /// Throws concejo::Error with every problem in its text; nothing changes then.
    std::function<Plan(unsigned generation)> plan;
    DatabaseKeeper* database = nullptr;  ///< null: external
    std::function<void()> on_ready;      ///< once, when the first generation serves
    bool safe = false;                   ///< workers load the plugins of `modo_seguro` alone
    std::filesystem::path crash_file;    ///< what is remembered of crashes
    /// Answers {"command": "config", …}; see runtime/config_desk.hpp. Empty: there is none.
    std::function<ConfigAnswer(const concejo::Json&)> configure;
    /// Who has been put in quarantine, or let out of it and by whom ("" where it was put in), for the audit.
    /// Blocking; called off the supervisor's thread; tried again when it throws.
    std::function<void(const crash::Quarantine&, const std::string& lifted_by)> audit;
    /// What a municipality's id is called by people. Any thread.
    std::function<std::string(const std::string& id)> slug = [](const std::string& id) { return id; };
    /// Adds to a scrape what only the databases and the disk know. Any thread; takes a few seconds at most.
    std::function<void(metrics::Page&)> measure;
    std::string version;
    uid_t socket_user = static_cast<uid_t>(-1);  ///< whose the socket of the metrics is; -1: ours
    gid_t socket_group = static_cast<gid_t>(-1);
};

class Supervisor {
public:
    explicit Supervisor(Options);
    ~Supervisor();
    /// Until SIGTERM, SIGINT or `stop`. Answers the process's exit code; throws when the first generation
    /// cannot start.
    int run();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Asks the running supervisor of this installation. Throws Error{unavailable} where none runs.
concejo::Json ask_supervisor(const paths::Paths&, const concejo::Json& request);
bool supervisor_runs(const paths::Paths&);
/// What the running supervisor of this installation exposes, in the format of that media type. Throws
/// Error{unavailable} where none runs.
std::string fetch_metrics(const paths::Paths&, const std::string& media_type);

}  // namespace kernel::supervisor
