#include "kernel/jobs/policy.hpp"

#include <algorithm>
#include <cmath>

namespace kernel::jobs {

std::chrono::milliseconds pause_after(const Policy& policy, int attempt) {
    const double grown =
        static_cast<double>(policy.first_pause.count()) * std::pow(policy.factor, attempt - 1);
    const auto most = static_cast<double>(policy.longest_pause.count());
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::min(grown, most)));
}

}  // namespace kernel::jobs
