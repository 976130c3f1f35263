// Where the cluster's things are, and making them. Internal to kernel/db.
#pragma once

#include "kernel/db/cluster.hpp"
#include "kernel/db/server_programs.hpp"

#include <vector>

namespace kernel::db {

struct ClusterFiles {
    std::filesystem::path data_dir, pgdata, log, start_lock, use_lock, socket_record;
    std::filesystem::path programs;
    Account account;
};

/// Folders down to data_dir, given to the account. Throws Error{forbidden} naming the folder that bars the
/// way.
void prepare_folders(const ClusterFiles& files);
/// initdb beside, then renamed into place: all or nothing.
void create_cluster(const ClusterFiles& files);
/// postgresql.conf and pg_hba.conf, written anew before each start.
void write_settings(const ClusterFiles& files, const ClusterOptions& options,
                    const std::filesystem::path& socket_dir);
/// A folder (0700, the account's) whose socket path fits into 107 bytes; recorded in data_dir.
std::filesystem::path make_socket_dir(const ClusterFiles& files, const ClusterOptions& options);
/// Processes whose current folder is pgdata: the postmaster and everything it left behind.
std::vector<int> processes_in(const std::filesystem::path& pgdata);
/// From postmaster.pid, only where that process is alive and works in pgdata; else 0.
int running_postmaster(const std::filesystem::path& pgdata);
/// The last lines of the log, for messages.
std::string log_tail(const std::filesystem::path& log);

}  // namespace kernel::db
