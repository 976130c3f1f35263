// Helper programs (pdfinfo, ffmpeg …) in a child without network, with limits, ended with all it started.
#pragma once

#include "kernel/process/progress.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace kernel::process {

struct Limits {
    std::chrono::milliseconds time{10'000};  ///< by the clock; then killed
    std::chrono::seconds cpu{10};
    std::uint64_t memory = 512ull << 20;  ///< address space of each process, bytes
    std::uint64_t file = 256ull << 20;    ///< largest file it may write, bytes
    std::uint64_t output = 1ull << 20;    ///< of stdout and of stderr kept; what follows is dropped
    unsigned processes = 64;
    unsigned files = 128;  ///< open at once
};

/// A file that the program may read; "{name}" in argv becomes its path.
struct InputFile {
    std::string name;
    std::filesystem::path path;
};

/// Called on the thread that waits for the program: at most five times a second however often it tells
/// something, with the newest; at the end, if that was not told yet; and once a second all the same, so that
/// the caller can end the program by throwing, which run() then throws.
using OnProgress = std::function<void(const Progress&)>;

struct Spec {
    std::vector<std::string> argv;  ///< argv[0] is a path, or a name looked up in /usr/bin and /bin
    std::vector<InputFile> files;
    std::string input;  ///< its stdin
    Limits limits;
    std::vector<std::string> environment;  ///< "KEY=value"; otherwise only PATH, HOME, LANG and TMPDIR
    /// Where it starts, and the only place where it may write; empty: a folder removed afterwards. As root
    /// programs run as `nobody`, which must be able to enter it.
    std::filesystem::path work_dir;
    std::filesystem::path output_file;  ///< stdout goes there instead of into the outcome
    /// The program gets a descriptor for lines of progress (ProgressReader): its number is in
    /// $CONCEJO_PROGRESS_FD and in place of "{progress}" in argv.
    OnProgress on_progress;
    std::uint64_t progress_total = 0;  ///< what is to be done, where the program does not tell
};

struct Outcome {
    int exit = -1;  ///< -1 where a signal ended it or it ran out of time
    int signal = 0;
    bool timed_out = false;
    bool truncated = false;              ///< more output than the limit
    std::uint64_t progress_ignored = 0;  ///< lines of progress that were none
    std::string out, err;
    bool ok() const noexcept { return exit == 0 && !timed_out; }
};

struct SandboxOptions {
    std::filesystem::path launcher;   ///< concejo-sandbox; empty: beside this program
    bool allow_unprotected = false;   ///< run without namespaces where the machine forbids them
    std::filesystem::path temp_root;  ///< empty: $TMPDIR or /tmp
    /// Folders that programs find empty: database, run folder with its sockets, configuration with its
    /// secrets.
    std::vector<std::filesystem::path> hidden;
};

/// Thread-safe.
class Sandbox {
public:
    /// Throws Error{unavailable} where the launcher is missing.
    explicit Sandbox(SandboxOptions options = {});

    /// Waits for the program. Throws Error{not_found} where it is not installed, Error{unavailable} where it
    /// cannot be confined, Error{invalid} for a wrong spec; how the program itself ends is in the outcome.
    Outcome run(const Spec& spec) const;

    /// Whether programs get a user, process and network namespace of their own on this machine.
    bool isolated() const;

private:
    SandboxOptions options_;
};

}  // namespace kernel::process
