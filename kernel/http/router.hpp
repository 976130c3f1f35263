// Which route answers a path. Pistache's Rest::Router does the matching, behind this header.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/http/message.hpp"

namespace kernel::http {

/// Patterns: "/tablon", "/tablon/:id", "/static/*" (the rest of the path, one segment or more; only at the
/// end). A fixed segment wins over a parameter, a parameter over "*". Duplicate and trailing slashes do not
/// count. All routes are added before the first match(); match() may then be called from any thread.
class Router {
public:
    struct Match {
        enum class Kind { found, method_not_allowed, not_found } kind = Kind::not_found;
        std::size_t route_id = 0;
        std::vector<Field> params;         ///< by name without ':', decoded; the rest of the path under "*"
        std::vector<std::string> allowed;  ///< for method_not_allowed, sorted; HEAD wherever GET is

        std::string_view param(std::string_view name) const;
    };

    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    /// Throws concejo::Error (invalid) for a malformed pattern and (conflict) when another route of that
    /// method could match the same path: from the same owner only equal shapes clash (a fixed segment beside
    /// a parameter is fine), from different owners any overlap does. The message names both routes and both
    /// owners.
    void add(std::string method, std::string pattern, std::size_t route_id, std::string owner = {});

    /// HEAD falls back to GET. `path` is decoded, as in Request::path.
    Match match(std::string_view method, std::string_view path) const;
    Match match(const Request& request) const { return match(request.method, request.path); }

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kernel::http
