// Running PostgreSQL's programs, as another account where need be. Internal to kernel/db.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace kernel::db {

/// The account that PostgreSQL's programs run as.
struct Account {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;
    bool other = false;  ///< not the one we run as: programs change to it first
};

/// As root: `wanted`, else "postgres"; otherwise ourselves. Throws Error{forbidden} saying what to do where
/// there is none.
Account server_account(const std::string& wanted);

struct Finished {
    int exit = 0;  ///< 128 + signal where one ended it
    std::string output;
};

/// stdout and stderr together, at most 64 KiB; environment PATH, LC_ALL=C and what is given; current folder "/".
Finished run_program(const std::vector<std::string>& argv, const Account& account,
                     std::chrono::seconds timeout = std::chrono::seconds(120),
                     const std::vector<std::string>& environment = {});

/// The first folder on the way to `path` that the account may not enter; nothing where it gets there.
std::optional<std::filesystem::path> barred_folder(const std::filesystem::path& path, const Account& account);

/// Folder of initdb, pg_ctl and postgres of version 15. Throws Error{unavailable} with the apt line.
std::filesystem::path server_programs();

}  // namespace kernel::db
