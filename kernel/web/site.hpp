// The web layer: which municipality, which language, who, whether they may, and what they get. Everything
// between the HTTP front and the plugins.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/http/application.hpp"
#include "kernel/identity/keys.hpp"
#include "kernel/plugins/services.hpp"
#include "kernel/web/pages.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kernel::web {

struct SiteOptions {
    std::filesystem::path spool;      ///< where uploads are streamed to; made where missing
    std::vector<std::string> listen;  ///< connection string of each cluster (the application's login)
    std::filesystem::path hits;       ///< file shared by the workers that counts visited routes; empty: none
    std::function<bool()> ready;      ///< for /-/ready; empty: as soon as the site stands
    std::filesystem::path fixtures;   ///< of the base theme, for /-/dev/components; empty: no preview
    std::filesystem::path changes;    ///< file shared by the workers: whose pages changed; empty: none
    std::size_t cache_bytes = 64u << 20;  ///< of anonymous pages, in each worker
    /// Asks the supervisor (admin socket); empty: nobody supervises, and the pages that need it say so. Throws
    /// Error{unavailable}.
    std::function<concejo::Json(const concejo::Json&)> supervisor{};
    bool limit_loopback = false;  ///< rate limits for 127.0.0.1 and ::1 too
};

/// Of now.
struct SiteStats {
    std::size_t cache_bytes, cache_pages;
};

class Site final : public http::Application {
public:
    /// `services.renderer` is `pages`. Everything referred to must outlive the site. Throws concejo::Error
    /// (conflict) when two routes match the same path, naming both.
    Site(plugins::Services& services, Pages& pages, const identity::Keys& keys, const base::Clock& clock,
         SiteOptions options);
    ~Site() override;

    http::BodyPlan plan(const http::Request& head) override;
    http::BodyAdmission admit(http::Request& head) override;
    std::optional<http::Response> answer_inline(const http::Request& request) override;
    http::Response handle(http::Request& request) override;
    http::Response refuse(const http::Request* head, int status, std::string_view why) override;

    SiteStats stats() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace kernel::web
