#include "kernel/base/random.hpp"

#include "kernel/base/encoding.hpp"

#include <concejo/error.hpp>

#include <openssl/rand.h>

#include <algorithm>
#include <climits>

namespace kernel::base {

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t done = 0; done < count;) {
        const std::size_t piece = std::min<std::size_t>(count - done, INT_MAX);
        if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()) + done, static_cast<int>(piece)) != 1)
            throw concejo::Error(concejo::ErrorKind::internal, "no random bytes from OpenSSL");
        done += piece;
    }
    return bytes;
}

std::string random_hex(std::size_t bytes) { return hex(random_bytes(bytes)); }

std::string random_token(std::size_t bytes) { return base64url(random_bytes(bytes)); }

std::string random_uuid() {
    std::string bytes = random_bytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
    std::string text = hex(bytes);
    for (const std::size_t at : {20, 16, 12, 8}) text.insert(at, 1, '-');
    return text;
}

}  // namespace kernel::base
