// For tests: a program of testing/ that serves on a free port and ends with this object; certificates made at
// that moment.
#pragma once

#include "kernel/base/files.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kernel::net::testing {

class OtherSide {
public:
    /// Runs `python3 testing/<program> arguments…` and waits for the port that it prints.
    explicit OtherSide(const std::string& program, std::vector<std::string> arguments);
    ~OtherSide();  ///< kills it, by its id, and waits
    OtherSide(const OtherSide&) = delete;
    OtherSide& operator=(const OtherSide&) = delete;

    std::uint16_t port() const { return port_; }
    int pid() const { return pid_; }
    void kill();

private:
    int pid_ = -1, input_ = -1;
    std::uint16_t port_ = 0;
};

/// What a program prints, run by the shell. Throws std::runtime_error where it fails.
std::string output_of(const std::string& command, const std::string& input = {});

/// An authority and what it signed: good ("servidor.test", "*.comodin.test", 127.0.0.1), wrong ("otro.test"),
/// expired, and self-signed.
struct Certificates {
    Certificates();
    base::TempDir folder{"concejo-cert"};
    std::string authority() const { return file("ca.pem"); }
    std::string file(const std::string& name) const { return (folder.path() / name).string(); }
};
const Certificates& certificates();  ///< one for the program

}  // namespace kernel::net::testing
