// A private PostgreSQL for a test program: in a folder of its own, on a unix socket, gone when the program
// ends; when that is killed the server ends too, and only the folder stays. Needs PostgreSQL's server programs
// and libpq5 on the machine, and nothing at build time.
#pragma once

#include <concejo/detail/search_schema.hpp>
#include <concejo/testing/libpq.hpp>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

namespace concejo::inline v1::testing {

class Database {
public:
    /// Throws Error{unavailable} saying what to install, or with the end of the server's log.
    /// `durable`: commits wait for the disk, as they do in a real one; tests need no such thing.
    explicit Database(bool durable = false) : programs_(find_programs()), account_(find_account()) {
        std::string folder = (std::filesystem::temp_directory_path() / "concejo-prueba-XXXXXX").string();
        if (!::mkdtemp(folder.data())) throw Error(ErrorKind::unavailable, "no se puede crear " + folder);
        folder_ = folder;
        try {
            if (account_.other && ::chown(folder.c_str(), account_.uid, account_.gid) != 0)
                throw Error(ErrorKind::unavailable, "no se puede dar " + folder + " a " + account_.name);
            const int made =
                finish(spawn({"initdb", "-D", folder + "/pg", "-U", "concejo", "-A", "trust", "-E", "UTF8",
                              "--locale=C.UTF-8", "--no-sync", "--no-instructions"}));
            if (made != 0) throw Error(ErrorKind::unavailable, "initdb ha fallado:\n" + log());
            const std::string kept = durable ? "on" : "off";
            server_ = spawn({"postgres", "-D", folder + "/pg", "-k", folder, "-h", "", "-c", "fsync=" + kept,
                             "-c", "full_page_writes=" + kept, "-c", "synchronous_commit=" + kept, "-c",
                             "max_connections=40", "-c", "shared_buffers=16MB"});
            wait_until_it_answers();
            connect()->script(
                std::string("create role concejo_owner nologin; set client_min_messages = warning;") +
                concejo::detail::search_schema);
        } catch (...) {
            end();
            throw;
        }
    }
    ~Database() { end(); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// A session of the superuser.
    std::unique_ptr<Connection> connect() const {
        return std::make_unique<Connection>("host=" + folder_ + " port=5432 user=concejo dbname=postgres");
    }

    pid_t pid() const { return server_; }

private:
    struct Account {
        std::string name;
        uid_t uid = 0;
        gid_t gid = 0;
        bool other = false;
    };

    static std::string find_programs() {
        std::vector<std::string> places;
        if (const char* given = std::getenv("CONCEJO_PG_BIN")) places.emplace_back(given);
        for (const char* version : {"15", "16", "17", "18"})
            places.push_back(std::string("/usr/lib/postgresql/") + version + "/bin");
        std::istringstream path(std::getenv("PATH") ? std::getenv("PATH") : "");
        for (std::string place; std::getline(path, place, ':');) places.push_back(place);
        for (const auto& place : places) {
            if (::access((place + "/initdb").c_str(), X_OK) == 0) return place;
        }
        throw Error(
            ErrorKind::unavailable,
            "esta prueba necesita PostgreSQL 15: apt-get install --no-install-recommends postgresql-15, "
            "o diga en CONCEJO_PG_BIN la carpeta de initdb");
    }

    /// PostgreSQL does not run as root: then as postgres, else as nobody.
    static Account find_account() {
        if (::geteuid() != 0) return {};
        for (const char* name : {"postgres", "nobody"}) {
            if (const passwd* entry = ::getpwnam(name)) return {name, entry->pw_uid, entry->pw_gid, true};
        }
        throw Error(ErrorKind::unavailable,
                    "PostgreSQL no funciona como root y no hay usuario postgres ni nobody");
    }

    pid_t spawn(std::vector<std::string> words) const {
        words[0] = programs_ + "/" + words[0];
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const std::string log = folder_ + "/log";
        const pid_t parent = ::getpid();
        const pid_t child = ::fork();
        if (child != 0) return child;
        // System calls only from here: other threads of the test may hold any lock.
        if (account_.other &&
            (::setgroups(0, nullptr) != 0 || ::setgid(account_.gid) != 0 || ::setuid(account_.uid) != 0))
            ::_exit(126);
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // a test that crashes leaves no server behind
        if (::getppid() != parent) ::_exit(125);
        const int null = ::open("/dev/null", O_RDONLY),
                  out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(null, 0);
        ::dup2(out, 1);
        ::dup2(out, 2);
        ::setsid();
        if (::chdir("/") != 0) ::_exit(124);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    static int finish(pid_t child) {
        int status = 0;
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    }

    void wait_until_it_answers() {
        using namespace std::chrono_literals;
        for (const auto until = std::chrono::steady_clock::now() + 60s;; std::this_thread::sleep_for(20ms)) {
            try {
                (void)connect();
                return;
            } catch (const Error&) {
                int status = 0;
                const bool gone = ::waitpid(server_, &status, WNOHANG) == server_;
                if (gone) server_ = 0;
                if (gone || std::chrono::steady_clock::now() > until)
                    throw Error(ErrorKind::unavailable, "PostgreSQL no arranca:\n" + log());
            }
        }
    }

    std::string log() const {
        std::ifstream in(folder_ + "/log");
        return {std::istreambuf_iterator<char>(in), {}};
    }

    void end() noexcept {
        if (server_ > 0) {
            ::kill(server_, SIGQUIT);
            (void)finish(server_);
        }
        server_ = 0;
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::string programs_, folder_;
    Account account_;
    pid_t server_ = 0;
};

/// One for the whole program, made at the first call: starting it takes a second or two.
inline Database& database() {
    static Database one;
    return one;
}

}  // namespace concejo::inline v1::testing
