#include "kernel/db/cluster.hpp"

#include "kernel/base/log.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/db/cluster_files.hpp"
#include "kernel/db/cluster_lock.hpp"
#include "kernel/db/dsn.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <libpq-fe.h>

#include <csignal>
#include <fstream>
#include <thread>

namespace kernel::db {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

}  // namespace

struct EmbeddedCluster::Impl {
    ClusterOptions options;
    ClusterFiles files;
    FileLock using_it;

    explicit Impl(ClusterOptions given) : options(std::move(given)) {
        std::error_code error;
        files.data_dir =
            std::filesystem::weakly_canonical(std::filesystem::absolute(options.data_dir), error);
        options.run_dir = std::filesystem::absolute(options.run_dir);
        files.pgdata = files.data_dir / "pgdata";
        files.log = files.data_dir / "postgres.log";
        files.start_lock = files.data_dir / "start.lock";
        files.use_lock = files.data_dir / "use.lock";
        files.socket_record = files.data_dir / "socket";
        files.account = server_account(options.os_user);
    }

    std::string recorded_socket_dir() const {
        std::ifstream file(files.socket_record);
        std::string folder;
        std::getline(file, folder);
        return folder;
    }
    /// Without a folder libpq would go to the machine's own server.
    std::string dsn(std::string_view user, std::string_view database) const {
        if (recorded_socket_dir().empty())
            throw Error(ErrorKind::unavailable,
                        base::tr("{}: la base de datos aún no se ha creado", files.data_dir.string()));
        return Dsn{}
            .set("host", recorded_socket_dir())
            .set("port", "5432")
            .set("user", user)
            .set("dbname", database)
            .text();
    }
    bool answers() const {
        return PQping((dsn("concejo_root", "postgres") + " connect_timeout=2").c_str()) == PQPING_OK;
    }

    void wait_until_it_answers(int postmaster) const {
        for (const auto until = Steady::now() + options.start_timeout; !answers();
             std::this_thread::sleep_for(50ms)) {
            const bool gone = running_postmaster(files.pgdata) != postmaster;
            if (gone || Steady::now() > until)
                throw Error(
                    ErrorKind::unavailable,
                    (gone ? base::tr("PostgreSQL no arranca ({}):", files.log.string())
                          : base::tr("PostgreSQL tarda demasiado en arrancar ({}):", files.log.string())) +
                        "\n" + log_tail(files.log));
        }
    }

    /// After a kill -9 of the postmaster its children end by themselves within moments. Only when nobody
    /// works in pgdata any more are left-over lock files, whose number may belong to a stranger or a zombie
    /// by now, taken away.
    void clear_remains() const {
        const auto until = Steady::now() + 10s;
        for (auto left = processes_in(files.pgdata); !left.empty(); left = processes_in(files.pgdata)) {
            if (Steady::now() > until) {
                for (const int pid : left) kill(pid, SIGQUIT);
            }
            if (Steady::now() > until + 10s)
                throw Error(ErrorKind::unavailable,
                            base::tr("quedan procesos de PostgreSQL en {0} que no terminan (el primero, {1})",
                                     files.pgdata.string(), left.front()));
            std::this_thread::sleep_for(50ms);
        }
        std::error_code ignored;
        std::filesystem::remove(files.pgdata / "postmaster.pid", ignored);
        std::filesystem::remove(std::filesystem::path(recorded_socket_dir()) / ".s.PGSQL.5432.lock", ignored);
    }

    void start() {
        clear_remains();
        std::error_code none;
        if (std::filesystem::file_size(files.log, none) > (16u << 20) && !none)
            std::filesystem::rename(files.log, files.log.string() + ".1", none);
        write_settings(files, options, make_socket_dir(files, options));
        const auto started =
            run_program({(files.programs / "pg_ctl").string(), "start", "-W", "-D", files.pgdata.string(),
                         "-l", files.log.string(), "-o", "-D " + files.pgdata.string()},
                        files.account, 30s);
        if (started.exit != 0)
            throw Error(ErrorKind::unavailable, base::tr("PostgreSQL no arranca ({}):", files.log.string()) +
                                                    "\n" + started.output + "\n" + log_tail(files.log));
        int pid = 0;
        for (const auto until = Steady::now() + 10s;
             (pid = running_postmaster(files.pgdata)) == 0 && Steady::now() < until;)
            std::this_thread::sleep_for(20ms);
        wait_until_it_answers(pid);
    }

    void stop(std::chrono::seconds timeout) {
        const int pid = running_postmaster(files.pgdata);
        if (pid == 0) return;
        kill(pid, SIGINT);  // fast: sessions are ended, everything committed is on disk
        const auto until = Steady::now() + timeout;
        for (bool harder = false; running_postmaster(files.pgdata) == pid;
             std::this_thread::sleep_for(20ms)) {
            if (Steady::now() > until && !harder) {
                base::log_warning({"db", {}, {}, {}}, "PostgreSQL no termina; parada inmediata");
                kill(pid, SIGQUIT);
                harder = true;
            }
            if (Steady::now() > until + 20s)
                throw Error(ErrorKind::unavailable, base::tr("PostgreSQL (proceso {}) no termina", pid));
        }
    }
};

EmbeddedCluster::EmbeddedCluster(ClusterOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
EmbeddedCluster::~EmbeddedCluster() = default;

bool EmbeddedCluster::ensure_running() {
    auto& self = *impl_;
    prepare_folders(self.files);
    FileLock starting;
    starting.exclusive(self.files.start_lock);
    if (!self.using_it.held()) self.using_it.shared(self.files.use_lock);
    if (const int pid = running_postmaster(self.files.pgdata)) {
        self.wait_until_it_answers(pid);
        return false;
    }
    self.files.programs = server_programs();
    if (!std::filesystem::exists(self.files.pgdata)) create_cluster(self.files);
    self.start();
    return true;
}

ClusterStatus EmbeddedCluster::status() const {
    if (!std::filesystem::exists(impl_->files.pgdata)) return ClusterStatus::absent;
    return alive() ? ClusterStatus::running : ClusterStatus::stopped;
}

bool EmbeddedCluster::alive() const { return postmaster_pid() != 0; }

void EmbeddedCluster::stop(std::chrono::seconds timeout) {
    FileLock starting;
    if (std::filesystem::exists(impl_->files.data_dir)) starting.exclusive(impl_->files.start_lock);
    impl_->stop(timeout);
    impl_->using_it.release();
}

bool EmbeddedCluster::stop_if_last() {
    if (!impl_->using_it.held()) return false;
    FileLock starting;
    starting.exclusive(impl_->files.start_lock);
    const bool last = impl_->using_it.become_exclusive();
    if (last) impl_->stop(30s);
    impl_->using_it.release();
    return last;
}

std::string EmbeddedCluster::app_dsn() const { return impl_->dsn("concejo_app", "concejo"); }
std::string EmbeddedCluster::owner_dsn() const { return impl_->dsn("concejo_root", "concejo"); }
std::filesystem::path EmbeddedCluster::socket_dir() const { return impl_->recorded_socket_dir(); }
std::filesystem::path EmbeddedCluster::log_file() const { return impl_->files.log; }
int EmbeddedCluster::postmaster_pid() const { return running_postmaster(impl_->files.pgdata); }

}  // namespace kernel::db
