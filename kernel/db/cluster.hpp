// The installation's own PostgreSQL: a private cluster behind a unix socket that nobody else reaches.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace kernel::db {

struct ClusterOptions {
    std::filesystem::path data_dir;  ///< holds pgdata/, postgres.log, the locks; created with its parents
    std::filesystem::path run_dir;   ///< for the socket; a short one is chosen where its path is too long
    std::string os_user;             ///< as root: who runs PostgreSQL; empty: "postgres"
    unsigned max_connections = 64;   ///< of two generations of workers, jobs and the command line together
    bool durable = true;             ///< false only for tests: a power cut may lose the cluster
    std::chrono::seconds start_timeout{60};
};

enum class ClusterStatus { absent, stopped, running };

/// One per process that uses the cluster. While it lives after ensure_running(), other processes' objects do
/// not stop the cluster: the last one to call stop_if_last() does. Not for several threads at once.
class EmbeddedCluster {
public:
    /// Touches nothing yet. Throws Error{forbidden} where root has no account to run PostgreSQL as.
    explicit EmbeddedCluster(ClusterOptions options);
    ~EmbeddedCluster();  ///< leaves the cluster as it is
    EmbeddedCluster(const EmbeddedCluster&) = delete;
    EmbeddedCluster& operator=(const EmbeddedCluster&) = delete;

    /// Creates the cluster where there is none (all of it or nothing), starts it where it does not run,
    /// cleans up after a crash. Answers whether this call started it. Throws
    /// Error{unavailable|forbidden|internal} saying what to do, with the apt line where PostgreSQL 15 is
    /// missing. Waits for another process that is starting it.
    bool ensure_running();
    ClusterStatus status() const;
    /// The postmaster's process exists. Cheap: for the supervisor's timer.
    bool alive() const;
    /// Whatever other processes do with it.
    void stop(std::chrono::seconds timeout = std::chrono::seconds(30));
    /// Unless another process uses it. Answers whether it stopped.
    bool stop_if_last();

    /// Connection strings: the application's login without rights of its own, and the one that provisions.
    std::string app_dsn() const;
    std::string owner_dsn() const;
    std::filesystem::path socket_dir() const;
    std::filesystem::path log_file() const;
    int postmaster_pid() const;  ///< 0 where none runs

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kernel::db
