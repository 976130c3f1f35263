#include "kernel/net/testing/other_side.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>

extern char** environ;

namespace kernel::net::testing {

OtherSide::OtherSide(const std::string& program, std::vector<std::string> arguments) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    arguments.insert(arguments.begin(),
                     {"python3", "-W", "ignore", "-B", CONCEJO_SOURCE_DIR "/kernel/net/testing/" + program});
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int failed = ::posix_spawnp(&pid_, "python3", &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    if (failed) throw std::runtime_error("python3 does not start");
    std::string said;
    char c = 0;
    while (::read(out[0], &c, 1) == 1 && c != '\n') said += c;
    ::close(out[0]);
    if (said.empty()) throw std::runtime_error(program + " gave no port");
    port_ = static_cast<std::uint16_t>(std::stoi(said));
}

void OtherSide::kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

OtherSide::~OtherSide() {
    kill();
    if (input_ >= 0) ::close(input_);
}

std::string output_of(const std::string& command, const std::string& input) {
    const base::TempDir folder("concejo-prueba");
    std::ofstream(folder.path() / "in", std::ios::binary) << input;
    const auto whole = command + " <'" + (folder.path() / "in").string() + "' 2>&1";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(whole.c_str(), "r"), [](FILE*) { return 0; });
    std::string text;
    std::array<char, 4096> piece;
    for (std::size_t n; (n = ::fread(piece.data(), 1, piece.size(), pipe.get())) > 0;)
        text.append(piece.data(), n);
    if (::pclose(pipe.get()) != 0) throw std::runtime_error(command + ": " + text);
    return text;
}

Certificates::Certificates() {
    const auto in = "cd '" + folder.path().string() + "' && ";
    const auto key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
    output_of(in + "openssl req -x509" + key +
              "-keyout ca.key -out ca.pem -days 2 -subj '/CN=Autoridad de prueba'");
    output_of(in + "openssl req -x509" + key +
              "-keyout self.key -out self.pem -days 2 -subj /CN=servidor.test -addext "
              "subjectAltName=DNS:servidor.test");
    const auto sign = [&](const std::string& name, const std::string& names, const std::string& days) {
        output_of(in + "openssl req -new" + key + "-keyout " + name + ".key -out " + name +
                  ".csr -subj /CN=servidor.test && "
                  "printf 'subjectAltName=" +
                  names + "' > " + name + ".ext && openssl x509 -req -in " + name +
                  ".csr -CA ca.pem -CAkey ca.key "
                  "-CAcreateserial -extfile " +
                  name + ".ext -out " + name + ".pem -days " + days);
    };
    sign("good", "DNS:servidor.test,DNS:*.comodin.test,IP:127.0.0.1", "2");
    sign("wrong", "DNS:otro.test", "2");
    sign("expired", "DNS:servidor.test", "-1");
}

const Certificates& certificates() {
    static const Certificates made;
    return made;
}

}  // namespace kernel::net::testing
