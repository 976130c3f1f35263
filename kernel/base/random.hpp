// Unpredictable values from OpenSSL's generator, good for keys and tokens. Thread-safe.
// Each throws Error{internal} where the machine gives no randomness.
#pragma once

#include <cstddef>
#include <string>

namespace kernel::base {

std::string random_bytes(std::size_t count);
/// `bytes` random bytes: twice as many characters.
std::string random_hex(std::size_t bytes);
/// `bytes` random bytes in base64url: fits URLs, cookies and file names. 32 bytes are 43 characters.
std::string random_token(std::size_t bytes = 32);
/// Version 4 of RFC 9562: "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".
std::string random_uuid();

}  // namespace kernel::base
