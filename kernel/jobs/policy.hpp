// How the jobs of one kind are tried, as their handler declared it.
#pragma once

#include <chrono>
#include <string>

namespace kernel::jobs {

struct Policy {
    int max_attempts = 8;                          ///< where the job itself does not say
    std::chrono::milliseconds first_pause{5'000};  ///< before the second attempt
    double factor = 2;                             ///< of each pause to the one before
    std::chrono::milliseconds longest_pause{std::chrono::hours(1)};
    /// How many are taken, run and finished in one transaction; 1: each by itself. For steps so short that
    /// their COMMIT is what costs.
    unsigned batch = 1;
};

/// Before the attempt after this one (1, 2 …).
std::chrono::milliseconds pause_after(const Policy& policy, int attempt);

}  // namespace kernel::jobs
