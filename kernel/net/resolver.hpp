// Names to addresses, within a time limit.
#pragma once

#include "kernel/net/ip.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace kernel::net {

using Moment = std::chrono::steady_clock::time_point;

/// Throws NetError. Tests put their own names here.
using Resolve = std::function<std::vector<Ip>(const std::string& host, Moment until)>;

/// "localhost" and the names below it are this machine (RFC 6761, 6.3); the others are the system's:
/// /etc/hosts, DNS. getaddrinfo cannot be interrupted, so it runs in a thread that may outlive
/// the question; of those there are at most 64.
std::vector<Ip> resolve_by_system(const std::string& host, Moment until);

}  // namespace kernel::net
