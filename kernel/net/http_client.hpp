// Outgoing HTTP: to the servers that a municipality lists, with every limit that a stranger's server needs.
#pragma once

#include "kernel/net/egress.hpp"
#include "kernel/net/http_cache.hpp"
#include "kernel/net/http_message.hpp"
#include "kernel/net/resolver.hpp"

#include <memory>
#include <optional>

namespace kernel::net {

struct ClientOptions {
    std::string user_agent{};             ///< empty: "Concejo/" and the version
    std::filesystem::path authorities{};  ///< PEM file with authorities besides the system's
    std::filesystem::path cache{};        ///< folder; empty: nothing is kept
    Resolve resolve = resolve_by_system;
    std::chrono::milliseconds first_pause{
        500};  ///< before the second attempt; doubled each time, with some chance in it
    std::chrono::milliseconds pace{10'000};  ///< in each such span of a body at least 1 KiB has to come
};

/// On whose behalf.
struct Asker {
    std::string tenant;  ///< id
    const Egress& egress;
    std::string contact;  ///< address of the municipality, told in User-Agent
};

/// Blocks the calling thread. Thread-safe; proxies of the environment are not looked at.
///
/// Redirects: each is checked as the first address was; https never goes to http; fields that hold
/// credentials go only to the origin they were meant for; 303 (and 301, 302 after POST) become GET.
/// Retries: GET, HEAD, OPTIONS, PUT and DELETE after a broken connection or 408, 429, 500, 502, 503, 504, no
/// sooner than Retry-After says and within the total time; any method where nothing had been written.
class HttpClient {
public:
    explicit HttpClient(ClientOptions options);
    ~HttpClient();

    /// Answers of any status. Throws Error{invalid} for a request that is wrong or a body over its limit,
    /// Error{forbidden} where the municipality or the certificate does not allow it, NetError otherwise.
    HttpAnswer send(const HttpRequest& request, const Asker& asker) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kernel::net
