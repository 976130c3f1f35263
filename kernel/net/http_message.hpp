// What is asked of another server, and what it answered.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kernel::net {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The first of that name, whatever its case; null: none.
const std::string* find_field(const Fields& fields, std::string_view name);

struct HttpRequest {
    std::string method = "GET";
    std::string url{};
    Fields fields{};  ///< Host, Content-Length and the like are set by the client and refused here
    std::string body{};
    std::filesystem::path
        save_to{};  ///< the body goes to this file (it may not exist yet) instead of to memory
    std::uint64_t max_bytes = 8ull << 20;       ///< of the answer's body; more is an error, never a cut body
    std::chrono::milliseconds connect{10'000};  ///< each address of the server
    std::chrono::milliseconds total{30'000};    ///< all attempts, pauses and redirects together
    unsigned redirects = 5;
    unsigned retries = 2;  ///< of idempotent methods only
    bool cache =
        false;  ///< GET: what was kept is asked after with If-None-Match, and given where it still holds
};

struct HttpAnswer {
    int status = 0;
    std::string url;  ///< after redirects
    Fields fields;
    std::string body;  ///< empty where it was saved
    std::uint64_t bytes = 0;
    std::string sha256;  ///< of the body, 64 digits
    bool from_cache = false;

    std::string_view field(std::string_view name) const;
};

/// Seconds or a date, as Retry-After has it (RFC 9110, 10.2.3), from now; nullopt for anything else.
std::optional<std::chrono::seconds> retry_after(std::string_view value,
                                                std::chrono::system_clock::time_point now);

}  // namespace kernel::net
