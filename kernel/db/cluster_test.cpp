#include "kernel/db/connection.hpp"
#include "kernel/db/provision.hpp"
#include "tests/support/postgres.hpp"

#include <catch2/catch.hpp>

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <fstream>

using kernel::db::ClusterOptions;
using kernel::db::ClusterStatus;
using kernel::db::EmbeddedCluster;
namespace fs = std::filesystem;

namespace {

/// A folder that PostgreSQL's account may enter.
struct Place {
    fs::path root = fs::path(std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "/tmp") /
                    ("concejo-cl-" + std::to_string(getpid()) + "-" + std::to_string(++made));
    static inline int made = 0;
    Place() {
        fs::create_directories(root);
        fs::permissions(root, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    }
    ~Place() {
        std::error_code ignored;
        fs::remove_all(root, ignored);
    }
    ClusterOptions options() const {
        ClusterOptions options;
        options.data_dir = root / "db";
        options.run_dir = root / "run";
        options.durable = false;
        options.max_connections = 20;
        return options;
    }
};

}  // namespace

TEST_CASE("a cluster is made, started, found by others, and stopped by the last one") {
    const Place place;
    EmbeddedCluster first(place.options()), second(place.options());
    CHECK(first.status() == ClusterStatus::absent);
    CHECK(first.ensure_running());
    CHECK_FALSE(first.ensure_running());
    CHECK_FALSE(second.ensure_running());
    const int pid = first.postmaster_pid();
    CHECK(pid > 0);
    CHECK(second.postmaster_pid() == pid);
    CHECK_FALSE(first.stop_if_last());
    CHECK(second.alive());
    CHECK(second.stop_if_last());
    CHECK(first.status() == ClusterStatus::stopped);
    struct stat socket {};
    REQUIRE(stat(first.socket_dir().c_str(), &socket) == 0);
    CHECK((socket.st_mode & 0777) == 0700);
    struct stat data {};
    REQUIRE(stat((place.root / "db" / "pgdata" / "PG_VERSION").c_str(), &data) == 0);
    CHECK(data.st_uid != 0);
}

TEST_CASE("nothing listens on TCP and provisioning can be repeated") {
    const Place place;
    EmbeddedCluster cluster(place.options());
    cluster.ensure_running();
    kernel::db::provision(cluster.owner_dsn());
    CHECK(kernel::db::provisioned(cluster.owner_dsn()));
    kernel::db::provision(cluster.owner_dsn());
    kernel::db::PoolOptions options;
    options.dsn = cluster.app_dsn();
    CHECK(kernel::db::Pool(options)
              .begin_kernel()
              .exec("select current_setting('listen_addresses')")
              .value(0, 0)
              .empty());
    // The way of an external database: one login, confined from its first moment by its role.
    options.dsn = kernel::db::app_dsn_of(cluster.owner_dsn());
    kernel::db::Pool external(options);
    CHECK(external.begin_kernel().exec("select current_user").value(0, 0) == "concejo_kernel");
    cluster.stop();
}

TEST_CASE("PgBouncer between us and the server is noticed, whatever it shares") {
    if (std::system("command -v pgbouncer >/dev/null") != 0) {
        WARN("skipped: pgbouncer is not installed");
        return;
    }
    const Place place;
    EmbeddedCluster cluster(place.options());
    cluster.ensure_running();
    const auto folder = place.root / "pooler";
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::all);
    for (const std::string mode : {"transaction", "session"}) {
        std::ofstream(folder / "users") << "\"concejo_root\" \"\"\n";
        std::ofstream(folder / "ini")
            << "[databases]\n* = host=" << cluster.socket_dir().string()
            << "\n[pgbouncer]\nlisten_port=6432\nunix_socket_dir=" << folder.string()
            << "\nauth_type=trust\nauth_file=" << (folder / "users").string()
            << "\npidfile=" << (folder / "pid").string() << "\nlogfile=" << (folder / "log").string()
            << "\npool_mode=" << mode << "\n";
        const std::string user = geteuid() == 0 ? " -u postgres" : "";
        REQUIRE(std::system(("pgbouncer -d -q" + user + " " + (folder / "ini").string()).c_str()) == 0);
        const auto socket = folder / ".s.PGSQL.6432";
        for (int i = 0; i < 500 && !fs::exists(socket); ++i) ::usleep(10'000);
        const std::string through = "host=" + folder.string() + " port=6432 user=concejo_root dbname=";
        CHECK_THROWS_WITH(kernel::db::provision(through + "postgres"), Catch::Contains("PgBouncer"));
        CHECK_THROWS_WITH(kernel::db::provision(through + "falta_" + mode), Catch::Contains("PgBouncer"));
        CHECK_THROWS_WITH(kernel::db::provisioned(through + "postgres"), Catch::Contains("PgBouncer"));
        int pid = 0;
        std::ifstream(folder / "pid") >> pid;
        REQUIRE(pid > 0);
        ::kill(pid, SIGTERM);
        while (fs::exists(socket)) ::usleep(10'000);
    }
    cluster.stop();
}

TEST_CASE("an external database needs no superuser, only CREATEROLE and CREATEDB") {
    const Place place;
    EmbeddedCluster cluster(place.options());
    CHECK_THROWS_AS(cluster.app_dsn(), concejo::Error);
    cluster.ensure_running();
    const auto as = [&](const std::string& user, const std::string& database) {
        return "host=" + cluster.socket_dir().string() + " user=" + user + " dbname=" + database;
    };
    kernel::db::Connection(as("concejo_root", "postgres"))
        .script("create role diputacion login createrole createdb; create role nadie login");
    kernel::db::provision(as("diputacion", "sedes"));
    kernel::db::provision(as("diputacion", "sedes"));
    kernel::db::Migrator migrator(as("diputacion", "sedes"));
    const auto tenant = kernel::db::Tenant::of("28179"), other = kernel::db::Tenant::of("28180");
    const kernel::db::Migration migration{1, "a", "create table p_a (i int)", "x", "0001__a.sql"};
    for (const auto& result : migrator.migrate_all({tenant, other}, {{"p", {migration}}}))
        CHECK(result.error.value_or("") == "");
    kernel::db::PoolOptions options;
    options.dsn = kernel::db::app_dsn_of(as("diputacion", "sedes"));
    kernel::db::Pool pool(options);
    auto tx = pool.begin(tenant);
    CHECK(tx.exec("insert into p_a values (1)").affected() == 1);
    CHECK_THROWS_AS(tx.exec("select * from m_28180.p_a"), concejo::Error);
    kernel::db::Connection bare(options.dsn);
    CHECK_THROWS_AS(bare.exec("select * from m_28179.p_a"), concejo::Error);
    CHECK_THROWS_WITH(kernel::db::provision(as("nadie", "sin_permiso")), Catch::Contains("sin_permiso"));
    cluster.stop();
}

TEST_CASE(
    "a cluster whose postmaster was killed starts again, also with a stranger's number in postmaster.pid") {
    const Place place;
    EmbeddedCluster cluster(place.options());
    cluster.ensure_running();
    kill(cluster.postmaster_pid(), SIGKILL);
    while (cluster.alive()) usleep(1000);
    CHECK(cluster.ensure_running());
    cluster.stop();
    {
        std::ofstream stale(place.root / "db" / "pgdata" / "postmaster.pid");
        stale << getpid() << "\n" << (place.root / "db" / "pgdata").string() << "\n0\n5432\n\n\n\n";
    }
    CHECK_FALSE(cluster.alive());
    CHECK(cluster.ensure_running());
    cluster.stop();
}

TEST_CASE("a run folder with a long path gets a short socket folder") {
    const Place place;
    auto options = place.options();
    options.run_dir = place.root / std::string(90, 'r') / "run";
    EmbeddedCluster cluster(options);
    CHECK(cluster.ensure_running());
    CHECK(cluster.socket_dir().string().size() + 15 <= 107);
    const auto socket_dir = cluster.socket_dir();
    cluster.stop();
    fs::remove_all(socket_dir);
}

TEST_CASE("a folder that PostgreSQL's account may not enter is named") {
    if (geteuid() != 0) {
        WARN("skipped: only root changes the account");
        return;
    }
    const Place place;
    fs::create_directories(place.root / "cerrada");
    fs::permissions(place.root / "cerrada", fs::perms::owner_all);
    auto options = place.options();
    options.data_dir = place.root / "cerrada" / "datos";
    EmbeddedCluster cluster(options);
    CHECK_THROWS_WITH(cluster.ensure_running(),
                      Catch::Contains((place.root / "cerrada").string()) && Catch::Contains("chmod o+x"));
    CHECK_FALSE(fs::exists(options.data_dir / "pgdata"));
}

TEST_CASE("missing programs are answered with what to install") {
    const Place place;
    setenv("CONCEJO_PG_BIN", place.root.c_str(), 1);
    CHECK_THROWS_WITH(EmbeddedCluster(place.options()).ensure_running(),
                      Catch::Contains("apt-get install") && Catch::Contains("postgresql-15"));
    unsetenv("CONCEJO_PG_BIN");
}

TEST_CASE("a full disk leaves nothing half-made") {
    if (geteuid() != 0) {
        WARN("skipped: mounting a small disk needs root");
        return;
    }
    const Place place;
    const auto disk = place.root / "disk";
    fs::create_directories(disk);
    if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=8m,mode=0755") != 0) {
        WARN("skipped: no tmpfs may be mounted here");
        return;
    }
    const std::shared_ptr<void> unmount(nullptr, [&](void*) { umount(disk.c_str()); });
    auto options = place.options();
    options.data_dir = disk / "db";
    EmbeddedCluster cluster(options);
    CHECK_THROWS_WITH(cluster.ensure_running(), Catch::Contains("No space left"));
    for (const auto& entry : fs::directory_iterator(options.data_dir))
        CHECK(entry.path().extension() == ".lock");
}

TEST_CASE("it works as a normal user") {
    if (geteuid() != 0) return;  // then every other case already was one
    const Place place;
    fs::create_directories(place.root / "suyo");
    REQUIRE(chown((place.root / "suyo").c_str(), 65534, 65534) == 0);
    const pid_t child = fork();
    if (child == 0) {
        int exit_code = 1;
        if (setgid(65534) == 0 && setuid(65534) == 0) {
            try {
                auto options = place.options();
                options.data_dir = place.root / "suyo" / "db";
                options.run_dir = place.root / "suyo" / "run";
                EmbeddedCluster cluster(options);
                exit_code = cluster.ensure_running() ? 0 : 2;
                kernel::db::provision(cluster.owner_dsn());
                cluster.stop();
            } catch (const std::exception& error) {
                std::fprintf(stderr, "%s\n", error.what());
                exit_code = 3;
            }
        }
        _exit(exit_code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}
