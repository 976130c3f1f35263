// Starting the launcher and talking with it. Internal to kernel/process.
#pragma once

#include "kernel/process/sandbox.hpp"

#include <string>
#include <vector>

#include <sys/types.h>

namespace kernel::process {

/// A descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() { reset(); }
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;
    int get() const noexcept { return number_; }
    void reset() noexcept;

private:
    int number_;
};

struct Streams {
    Descriptor input;   ///< to be the child's 0
    Descriptor output;  ///< its 1; empty: a pipe into the outcome
    std::uint64_t limit = 0;
    std::chrono::milliseconds time{0};
    OnProgress on_progress;  ///< empty: the child has no progress_descriptor
    std::uint64_t progress_total = 0;
};

/// Where the child finds the pipe for its progress, when there is one.
inline constexpr int progress_descriptor = 4;

struct Ended {
    Outcome outcome;
    std::string report;  ///< what the launcher wrote on descriptor 3
};

/// Memory that reads as a file with this content.
Descriptor memory_file(const std::string& content);

/// posix_spawn, which is safe beside other threads; then waits within the time, else kills. Throws
/// Error{unavailable} where no process can be made, and what on_progress throws once the child is gone.
Ended run_child(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
                Streams streams);

}  // namespace kernel::process
