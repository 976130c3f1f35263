// A municipality with the example plugin, as it was built out of tree: real database, theme, texts, files,
// helper programs and jobs; only the sockets and the sessions of the web are missing.
#pragma once

#include "kernel/blobs/store.hpp"
#include "kernel/blobs/uploads.hpp"
#include "kernel/config/platform_config.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/i18n/catalogs.hpp"
#include "kernel/outbox/effect.hpp"
#include "kernel/plugins/loader.hpp"
#include "kernel/plugins/run_command.hpp"
#include "kernel/plugins/services.hpp"
#include "kernel/process/sandbox.hpp"
#include "kernel/themes/theme_set.hpp"

namespace example {

inline constexpr const char* id = "es.riomar.buzon";

/// One for the program: starting a PostgreSQL is what takes long.
class House : kernel::plugins::Renderer, kernel::plugins::Databases {
public:
    House();
    ~House();

    /// A request to the route of that kind and pattern; throws what the handler threw. ":name" takes
    /// `segment`.
    kernel::http::Response ask(kernel::plugins::RouteKind kind, const std::string& method,
                               const std::string& pattern, kernel::http::Request request = {},
                               const std::string& segment = {});
    /// The first provider of the list, asked.
    concejo::Json ask(const std::vector<kernel::plugins::Provider>& providers,
                      std::string_view argument = {});
    std::string run_command(const std::string& verb, const concejo::Json& arguments);
    /// Runs what is queued until nothing is.
    void run_jobs();
    /// What waits to leave the municipality, newest first.
    std::vector<kernel::outbox::EffectInfo> leaving();
    /// Queues a job of the plugin, as its schedule would.
    void queue(const std::string& kind);
    /// First value of the first row, in the municipality's schema.
    std::string sql(const std::string& statement);

    std::string language = "es";
    bool staff = false;
    kernel::plugins::Registry registry;
    kernel::plugins::Loader loader{registry, {}};
    const concejo::Json& last_view() const { return last_view_; }
    const kernel::themes::ThemeSet& themes() const { return *themes_; }

private:
    std::string render(kernel::plugins::Scope&, const std::string& name, concejo::Json view,
                       bool layout) override;
    std::string render_plain(kernel::plugins::Scope&, const std::string& name,
                             const concejo::Json& view) override;
    std::string url(const kernel::plugins::Scope&, std::string_view path, bool absolute) override;
    kernel::db::Pool& of(const kernel::tenancy::Tenant&) override { return *pool_; }
    kernel::plugins::Scope scope();
    std::unique_ptr<kernel::tenancy::Tenant> municipality() const;

    std::filesystem::path folder_;
    concejo::Json common_, last_view_;
    kernel::config::PlatformConfig platform_;
    kernel::i18n::Catalogs catalogs_;
    std::unique_ptr<kernel::themes::ThemeSet> themes_;
    std::unique_ptr<kernel::tenancy::Tenants> tenants_;
    std::unique_ptr<kernel::db::Pool> pool_;
    std::unique_ptr<kernel::blobs::Store> blobs_;
    std::unique_ptr<kernel::blobs::Uploads> uploads_;
    std::unique_ptr<kernel::process::Sandbox> sandbox_;
    std::unique_ptr<kernel::plugins::Services> services_;
};

House& house();

}  // namespace example
