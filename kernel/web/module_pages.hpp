// Modules of a municipality: the same pages for its own staff and for who administers the installation.
#pragma once

#include "kernel/web/page_tools.hpp"

namespace kernel::web {

class ModulePages : PageTools {
public:
    /// `everywhere`: the municipality is the address's :slug; otherwise the visit's own.
    ModulePages(OwnPages& own, bool everywhere) : PageTools(own), everywhere_(everywhere) {}

    http::Response list(Visit&) const;
    http::Response one(Visit&) const;
    http::Response review(Visit&) const;
    http::Response apply(Visit&) const;

private:
    struct Draft {
        std::string body, sha256;
    };
    std::string slug(const Visit&) const;
    std::string path(const Visit&, const std::string& rest) const;
    /// Throws what the supervisor answers, as an Error of its kind.
    concejo::Json ask(const Visit&, concejo::Json request) const;
    concejo::Json problems(const Visit&, const concejo::Json& answer) const;
    concejo::Json type_cell(const Visit&, const concejo::Json& schema) const;
    concejo::Json settings(const Visit&, const concejo::Json& schema) const;
    concejo::Json editor(const Visit&, const std::string& body, const std::string& error) const;
    /// With what was typed; `status` and `error` where it cannot go on.
    http::Response reviewed(Visit&, const std::string& body, int status, const std::string& error) const;
    std::string title_of(const Visit&, const concejo::Json& schema) const;

    const bool everywhere_;
};

}  // namespace kernel::web
