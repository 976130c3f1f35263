// How much to try: a sample, or all of it (tests/run.sh --full).
#pragma once

#include <cstdlib>
#include <string_view>

namespace tests {

inline bool whole_run() {
    const char* full = std::getenv("CONCEJO_FULL");
    return full && std::string_view(full) == "1";
}

}  // namespace tests
