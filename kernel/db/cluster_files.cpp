#include "kernel/db/cluster_files.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/files.hpp"
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace kernel::db {
namespace {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
    throw Error(errno == EACCES || errno == EPERM ? ErrorKind::forbidden : ErrorKind::unavailable,
                fmt::format("{}: {}: {}", path.string(), what, std::strerror(errno)));
}

void give(const fs::path& path, const Account& account, mode_t mode) {
    if (chmod(path.c_str(), mode) != 0) fail(path, base::tr("no se pueden poner los permisos"));
    if (account.other && chown(path.c_str(), account.uid, account.gid) != 0)
        fail(path, base::tr("no se puede dar a otra cuenta"));
}

void write_for(const fs::path& path, const Account& account, const std::string& text) {
    base::write_file_atomically(path, text, 0600);
    give(path, account, 0600);
}

/// An existing folder that others made could hold a false server.
bool own_folder(const fs::path& folder, const Account& account) {
    std::error_code ignored;
    fs::create_directories(folder.parent_path(), ignored);
    if (mkdir(folder.c_str(), 0700) == 0) {
        give(folder, account, 0700);
        return true;
    }
    struct stat found {};
    return lstat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == account.uid &&
           (found.st_mode & 0077) == 0;
}

}  // namespace

void prepare_folders(const ClusterFiles& files) {
    std::error_code error;
    fs::create_directories(files.data_dir, error);
    if (error)
        throw Error(ErrorKind::forbidden,
                    base::tr("no se puede crear {0}: {1}. Cree la carpeta o elija otra con «datos:»",
                             files.data_dir.string(), error.message()));
    give(files.data_dir, files.account, 0700);
    if (const auto barred = barred_folder(files.data_dir, files.account))
        throw Error(
            ErrorKind::forbidden,
            base::tr("PostgreSQL funciona con la cuenta '{0}', que no puede entrar en {1}. Dé paso con: "
                     "chmod o+x {1}   (o use una carpeta como /var/lib/concejo)",
                     files.account.name, barred->string()));
}

void create_cluster(const ClusterFiles& files) {
    for (const auto& entry : fs::directory_iterator(files.data_dir)) {  // left by a creation that was killed
        if (entry.path().filename().string().rfind("pgdata.new", 0) == 0) fs::remove_all(entry.path());
    }
    const auto fresh = files.data_dir / fmt::format("pgdata.new.{}", getpid());
    // C.UTF-8 exists on every Debian; order, case and accents come from ICU, in Spanish.
    const auto made =
        run_program({(files.programs / "initdb").string(), "-D", fresh.string(), "-U", "concejo_root", "-E",
                     "UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=es", "-A", "trust",
                     "--data-checksums", "--no-instructions", "--no-sync"},
                    files.account);
    std::error_code ignored;
    if (made.exit != 0) {
        fs::remove_all(fresh, ignored);
        throw Error(ErrorKind::unavailable, base::tr("no se pudo crear la base de datos en {0}: {1}",
                                                     files.data_dir.string(), made.output));
    }
    sync();
    if (rename(fresh.c_str(), files.pgdata.c_str()) != 0) {
        const int cause = errno;
        fs::remove_all(fresh, ignored);
        errno = cause;
        fail(files.pgdata, base::tr("no se puede poner en su sitio"));
    }
}

void write_settings(const ClusterFiles& files, const ClusterOptions& options, const fs::path& socket_dir) {
    write_for(
        files.pgdata / "postgresql.conf", files.account,
        fmt::format(
            "# Written by Concejo at every start; own settings go into propio.conf beside this file.\n"
            "listen_addresses = ''\nunix_socket_directories = '{}'\nunix_socket_permissions = 0700\nport = "
            "5432\n"
            "max_connections = {}\nshared_buffers = 64MB\nwork_mem = 8MB\nmaintenance_work_mem = 64MB\n"
            "effective_cache_size = 512MB\nmax_wal_size = 512MB\nmax_locks_per_transaction = 256\n"
            "synchronous_commit = {}\nfsync = {}\nfull_page_writes = {}\njit = off\nwal_level = replica\n"
            "timezone = 'UTC'\nlog_timezone = 'UTC'\nlc_messages = 'C'\ndefault_text_search_config = "
            "'pg_catalog.simple'\n"
            "password_encryption = 'scram-sha-256'\nlog_line_prefix = '%m [%p] %u@%d "
            "'\nlog_min_duration_statement = 2s\n"
            "log_lock_waits = on\nclient_connection_check_interval = 10s\nrestart_after_crash = on\n"
            "include_if_exists = 'propio.conf'\n",
            socket_dir.string(), options.max_connections, options.durable ? "on" : "off",
            options.durable ? "on" : "off", options.durable ? "on" : "off"));
    write_for(files.pgdata / "pg_hba.conf", files.account,
              "# The socket's folder (0700) is the wall: whoever gets there is the platform itself.\nlocal "
              "all all trust\n");
}

fs::path make_socket_dir(const ClusterFiles& files, const ClusterOptions& options) {
    constexpr std::string_view socket = "/.s.PGSQL.5432";
    const auto short_name = "concejo-" + base::sha256_hex(files.data_dir.string()).substr(0, 12);
    std::vector<fs::path> candidates{options.run_dir / "pg"};
    if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime && !files.account.other)
        candidates.push_back(fs::path(runtime) / short_name);
    candidates.push_back(fs::path("/tmp") / fmt::format("{}-{}", short_name, files.account.uid));
    for (const auto& folder : candidates) {
        if (!folder.is_absolute() || folder.string().size() + socket.size() > 107) continue;
        if (!own_folder(folder, files.account) || barred_folder(folder, files.account)) continue;
        base::write_file_atomically(files.socket_record, folder.string() + "\n", 0644);
        return folder;
    }
    throw Error(
        ErrorKind::forbidden,
        base::tr(
            "no hay dónde poner el socket de PostgreSQL: {0} no existe, es demasiado largo o no es de la "
            "cuenta '{1}'",
            options.run_dir.string(), files.account.name));
}

std::vector<int> processes_in(const fs::path& pgdata) {
    std::vector<int> found;
    std::error_code error;
    const auto place = fs::weakly_canonical(pgdata, error).string();
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const auto folder = fs::read_symlink(entry.path() / "cwd", error);
        if (!error && folder.string() == place) found.push_back(std::atoi(name.c_str()));
        error.clear();
    }
    return found;
}

int running_postmaster(const fs::path& pgdata) {
    std::ifstream file(pgdata / "postmaster.pid");
    int pid = 0;
    if (!(file >> pid) || pid <= 0) return 0;
    std::error_code error;
    const auto folder = fs::read_symlink(fmt::format("/proc/{}/cwd", pid), error);
    return !error && folder == fs::weakly_canonical(pgdata, error) ? pid : 0;
}

std::string log_tail(const fs::path& log) {
    std::ifstream file(log);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
        if (lines.size() > 8) lines.erase(lines.begin());
    }
    return base::join(lines, "\n");
}

}  // namespace kernel::db
