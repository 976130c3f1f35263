#include "kernel/process/sandbox.hpp"
#include "kernel/base/files.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

using kernel::process::Sandbox;
using kernel::process::Spec;
using namespace std::chrono_literals;

namespace {

Sandbox sandbox(std::vector<std::filesystem::path> hidden = {}, const std::filesystem::path& temp_root = {}) {
    kernel::process::SandboxOptions options;
    options.temp_root = temp_root;
    options.launcher = CONCEJO_SANDBOX;
    options.hidden = std::move(hidden);
    return Sandbox(options);
}

Spec shell(const std::string& script, std::chrono::milliseconds time = 10s) {
    Spec spec;
    spec.argv = {"sh", "-c", script};
    spec.limits.time = time;
    return spec;
}

/// The command line of a process; empty when it ended meanwhile (reading it then fails with ESRCH).
std::string command_line(const std::filesystem::path& process) {
    const int file = ::open((process / "cmdline").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    std::string line(4096, '\0');
    const auto size = ::read(file, line.data(), line.size());
    ::close(file);
    line.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return line;
}

/// Processes anywhere on the machine that carry this text in their command line.
int with_mark(const std::string& mark) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc"))
        if (command_line(entry.path()).find(mark) != std::string::npos) ++count;
    return count;
}

bool gone(const std::string& mark) {
    for (int i = 0; i < 200 && with_mark(mark) > 0; ++i) std::this_thread::sleep_for(10ms);
    return with_mark(mark) == 0;
}

}  // namespace

TEST_CASE("a program gets its input, arguments and files, and answers") {
    const kernel::base::TempDir dir("entrada");
    std::ofstream(dir.path() / "secreto.txt") << "contenido";
    ::chmod((dir.path() / "secreto.txt").c_str(), 0600);
    Spec spec = shell("cat; cat \"$1\"; echo malo >&2; exit 3");
    spec.argv.insert(spec.argv.end(), {"sh", "{doc}"});
    spec.files = {{"doc", dir.path() / "secreto.txt"}};
    spec.input = "ñ y ";
    const auto outcome = sandbox().run(spec);
    CHECK(outcome.out == "ñ y contenido");
    CHECK(outcome.err == "malo\n");
    CHECK(outcome.exit == 3);
    CHECK_FALSE(outcome.ok());
    CHECK(sandbox().isolated());
}

TEST_CASE("nothing of this process leaks into it") {
    setenv("CONCEJO_SECRETO", "x", 1);
    const int open = ::open("/etc/hostname", O_RDONLY);  // without CLOEXEC, as a careless library does
    const auto outcome = sandbox().run(shell("env | sort; ls /proc/self/fd | wc -l; id -u"));
    close(open);
    CHECK(outcome.out.find("CONCEJO_SECRETO") == std::string::npos);
    CHECK(outcome.out.find("HOME=/") != std::string::npos);
    CHECK(outcome.out.find("\n0\n") == std::string::npos);  // never root
    CHECK(sandbox().run(shell("ls /proc/self/fd | wc -l")).out ==
          "4\n");  // 0, 1, 2 and the folder being listed
}

TEST_CASE("signals and missing programs are told apart from exits") {
    CHECK(sandbox().run(shell("kill -SEGV $$")).signal == SIGSEGV);
    CHECK(sandbox().run(shell("kill -SEGV $$")).exit == -1);
    Spec missing;
    missing.argv = {"no-such-program"};
    CHECK_THROWS_AS(sandbox().run(missing), concejo::Error);
    missing.argv = {"relative/path"};
    CHECK_THROWS_AS(sandbox().run(missing), concejo::Error);
    kernel::process::SandboxOptions without;
    without.launcher = "/nonexistent";
    CHECK_THROWS_WITH(Sandbox(without), Catch::Contains("/nonexistent"));
}

TEST_CASE("time runs out for the program and all it started") {
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = sandbox().run(shell("sleep 3141.1 & (setsid sleep 3141.1 &) ; sleep 3141.1", 500ms));
    CHECK(outcome.timed_out);
    CHECK(outcome.exit == -1);
    CHECK(std::chrono::steady_clock::now() - start < 3s);
    CHECK(gone("3141.1"));
    CHECK(sandbox().run(shell("sleep 3141.2 & (setsid sleep 3141.2 &) ; exit 0")).exit == 0);
    CHECK(gone("3141.2"));
}

TEST_CASE("processor time runs out") {
    auto spec = shell("while :; do :; done", 20s);
    spec.limits.cpu = 1s;
    const auto outcome = sandbox().run(spec);
    CHECK_FALSE(outcome.timed_out);
    CHECK((outcome.signal == SIGKILL || outcome.signal == SIGXCPU));
}

TEST_CASE("a fork bomb stays small and goes away") {
    auto spec = shell("bomb() { bomb 2718.2 | bomb 2718.2 & }; bomb; sleep 2718.2", 2s);
    spec.limits.processes = 20;
    std::atomic<int> most{0};
    std::atomic<bool> done{false};
    std::thread watcher([&] {
        for (; !done; std::this_thread::sleep_for(20ms)) most = std::max(most.load(), with_mark("2718.2"));
    });
    const auto outcome = sandbox().run(spec);
    done = true;
    watcher.join();
    CHECK(most > 0);
    CHECK(most <= 26);  // and the launcher's own
    CHECK((outcome.timed_out || outcome.exit != 0));
    CHECK(gone("2718.2"));
}

TEST_CASE("there is no network") {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(listener, 1) == 0);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    const auto connect = "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(ntohs(address.sin_port));
    CHECK(std::system(("bash -c '" + connect + "'").c_str()) == 0);  // it is reachable from outside
    Spec spec;
    spec.argv = {"bash", "-c", connect};
    const auto outcome = sandbox().run(spec);
    CHECK(outcome.exit != 0);
    CHECK_THAT(outcome.err, Catch::Contains("unreachable"));
    close(listener);
}

TEST_CASE("it writes in its folder only, and hidden folders are empty") {
    const kernel::base::TempDir dir("oculta");
    std::ofstream(dir.path() / "clave") << "x";
    ::chmod(dir.path().c_str(), 0777);
    const auto folder = dir.path().string();
    CHECK(sandbox().run(shell("echo a > b && cat b && pwd && test \"$PWD\" = \"$HOME\"")).exit == 0);
    CHECK(sandbox().run(shell("echo a > " + folder + "/nuevo")).exit != 0);
    CHECK_FALSE(std::filesystem::exists(dir.path() / "nuevo"));
    CHECK(sandbox().run(shell("ls " + folder)).out == "clave\n");
    CHECK(sandbox({dir.path()}).run(shell("ls " + folder)).out.empty());
}

TEST_CASE("a flood of output is cut, a large file refused, memory bounded") {
    auto flood = shell("yes | head -c 50000000; echo fin >&2");
    flood.limits.output = 100'000;
    const auto outcome = sandbox().run(flood);
    CHECK(outcome.out.size() == 100'000);
    CHECK(outcome.truncated);
    CHECK(outcome.err == "fin\n");
    auto file = shell("head -c 2000000 /dev/zero > grande; stat -c %s grande");
    file.limits.file = 1'000'000;
    CHECK(sandbox().run(file).out == "1000000\n");
    auto memory = shell("exec python3 -c 'x = bytearray(400 << 20)'");
    memory.limits.memory = 200ull << 20;
    CHECK(sandbox().run(memory).exit != 0);
}

TEST_CASE("stdout can go to a file") {
    const kernel::base::TempDir dir("salida");
    auto spec = shell("echo hola");
    spec.output_file = dir.path() / "out";
    CHECK(sandbox().run(spec).out.empty());
    CHECK(kernel::base::read_file(dir.path() / "out", 100) == "hola\n");
}

TEST_CASE("a program tells how far it is on a descriptor of its own") {
    std::vector<kernel::process::Progress> told;
    auto spec =
        shell("for i in 1 2 3; do echo \"$i 3 paso $i\" >&$CONCEJO_PROGRESS_FD; sleep 0.3; done; echo fin");
    spec.on_progress = [&](const auto& progress) { told.push_back(progress); };
    const auto outcome = sandbox().run(spec);
    CHECK(outcome.out == "fin\n");
    CHECK(outcome.progress_ignored == 0);
    CHECK(told ==
          std::vector<kernel::process::Progress>{{1, 3, "paso 1"}, {2, 3, "paso 2"}, {3, 3, "paso 3"}});

    told.clear();
    auto last =
        shell("printf 'out_time_us=%s\\nprogress=end\\n' 70 >&$1; echo mal >&$1; ls /proc/self/fd | wc -l");
    last.argv.insert(last.argv.end(), {"sh", "{progress}"});
    last.on_progress = spec.on_progress;
    last.progress_total = 70;
    const auto ended = sandbox().run(last);
    CHECK(told == std::vector<kernel::process::Progress>{{70, 70, ""}});  // however short its life was
    CHECK(ended.progress_ignored == 1);
    CHECK(ended.out == "5\n");
    CHECK(sandbox().run(shell("echo \"[$CONCEJO_PROGRESS_FD]\"; echo 1 2 >&4")).out == "[]\n");
}

TEST_CASE("a flood of progress neither stops the program nor is heard more than now and then") {
    int told = 0;
    auto spec = shell(
        "{ yes '1 2 x' | head -c 6000000; yes | head -c 4000000; tr -d '\\n' </dev/zero | head -c "
        "6000000; } >&4; echo fin");
    spec.limits.time = 60s;
    spec.limits.cpu = 60s;
    spec.on_progress = [&](const auto&) { ++told; };
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = sandbox().run(spec);
    const auto took = std::chrono::steady_clock::now() - start;
    CHECK(outcome.out == "fin\n");
    CHECK(outcome.progress_ignored == 2'000'000);
    CHECK(told >= 1);
    CHECK(told <= 2 + took / 200ms);
}

TEST_CASE("whoever listens is asked once a second, and ends the program by throwing") {
    auto spec = shell("sleep 1618.3 & (setsid sleep 1618.3 &); sleep 1618.3", 60s);
    int asked = 0;
    spec.on_progress = [&](const kernel::process::Progress& progress) {
        CHECK(progress == kernel::process::Progress{});
        if (++asked == 2) throw concejo::Error(concejo::ErrorKind::conflict, "ya no hace falta");
    };
    const auto start = std::chrono::steady_clock::now();
    CHECK_THROWS_WITH(sandbox().run(spec), "ya no hace falta");
    const auto took = std::chrono::steady_clock::now() - start;
    CHECK(took >= 1900ms);
    CHECK(took < 5s);
    CHECK(gone("1618.3"));
}

TEST_CASE("one that shuts up or keeps its progress open is waited for no longer") {
    auto closed = shell("exec 4>&-; echo fin");
    closed.on_progress = [](const auto&) {};
    CHECK(sandbox().run(closed).out == "fin\n");
    auto silent = shell("sleep 1732.1 & exit 0", 500ms);
    silent.on_progress = closed.on_progress;
    CHECK(sandbox().run(silent).exit == 0);
    auto endless = shell("while :; do echo 1 2; done >&4", 500ms);
    endless.on_progress = closed.on_progress;
    CHECK(sandbox().run(endless).timed_out);
    CHECK(gone("1732.1"));
}

TEST_CASE("when the worker is killed its helpers die too") {
    const kernel::base::TempDir dir("muerto");  // holds what the killed worker could not remove
    ::chmod(dir.path().c_str(), 0711);
    const pid_t worker = fork();
    if (worker == 0) {
        try {
            sandbox({}, dir.path()).run(shell("sleep 1414.2 & sleep 1414.2", 60s));
        } catch (const concejo::Error&) {
            _exit(1);
        }
        _exit(0);
    }
    for (int i = 0; i < 300 && with_mark("1414.2") < 2; ++i) std::this_thread::sleep_for(10ms);
    CHECK(with_mark("1414.2") >= 2);
    kill(worker, SIGKILL);
    waitpid(worker, nullptr, 0);
    CHECK(gone("1414.2"));
}

TEST_CASE("many threads run helpers at once") {
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i) {
                if (sandbox().run(shell("echo " + std::to_string(t * 100 + i))).out ==
                    std::to_string(t * 100 + i) + "\n")
                    ++good;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(good == 40);
}
