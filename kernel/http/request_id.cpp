#include "kernel/http/request_id.hpp"

#include <sys/random.h>

#include <array>
#include <cstddef>

#include "concejo/error.hpp"

namespace kernel::http {

std::string new_request_id() {
    static constexpr char digits[] = "0123456789abcdef";
    // One system call fills 256 ids; what is left when a thread ends is simply forgotten.
    thread_local std::array<unsigned char, 4096> pool;
    thread_local std::size_t used = pool.size();
    if (used == pool.size()) {
        for (std::size_t have = 0; have < pool.size();) {
            auto n = ::getrandom(pool.data() + have, pool.size() - have, 0);
            if (n < 0) throw concejo::Error(concejo::ErrorKind::internal, "getrandom failed");
            have += static_cast<std::size_t>(n);
        }
        used = 0;
    }
    std::string id(32, '0');
    for (std::size_t i = 0; i < 16; ++i) {
        id[2 * i] = digits[pool[used + i] >> 4];
        id[2 * i + 1] = digits[pool[used + i] & 15];
    }
    used += 16;
    return id;
}

}  // namespace kernel::http
