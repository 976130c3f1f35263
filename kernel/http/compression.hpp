// gzip and brotli for texts, and which of them a client takes.
#pragma once

#include <string>
#include <string_view>

#include "kernel/http/message.hpp"

namespace kernel::http {

/// Levels: gzip 1–9, brotli 0–11. Fast ones are for pages made now, the highest for files compressed once.
std::string gzip(std::string_view bytes, int level = 6);
std::string brotli(std::string_view bytes, int quality = 5);

struct Encodings {
    bool gzip = false, brotli = false;
};
/// What Accept-Encoding allows (RFC 9110 section 12.5.3: q=0 forbids, "*" stands for those not named).
Encodings accepted_encodings(const Request& request);

}  // namespace kernel::http
