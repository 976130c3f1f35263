// For the tests of this folder: two municipalities, a plugin made of C functions, a real PostgreSQL, the real
// base theme.
#pragma once

#include "kernel/blobs/store.hpp"
#include "kernel/blobs/uploads.hpp"
#include "kernel/http/text.hpp"
#include "kernel/identity/totp.hpp"
#include "kernel/identity/users.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"
#include "kernel/process/sandbox.hpp"
#include "kernel/web/site.hpp"
#include "tests/support/postgres.hpp"

#include <memory>
#include <string>

namespace kernel::web {

class TestClock final : public base::Clock {
public:
    base::TimePoint now() const override { return now_; }
    base::TimePoint now_ = std::chrono::floor<std::chrono::minutes>(std::chrono::system_clock::now());
};

struct TestDatabases final : plugins::Databases {
    std::unique_ptr<db::Pool> pool = tests::cluster().pool(24);
    db::Pool& of(const tenancy::Tenant&) override { return *pool; }
};

/// A request as the edge would make it.
http::Request request(std::string method, std::string host, std::string target,
                      std::vector<http::Field> fields = {}, std::vector<http::Field> form = {});
std::string text_of(const http::Response& response);
inline bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }
/// The value of an attribute or field after `mark` up to the next quote.
std::string after(const std::string& text, const std::string& mark);
/// "name=value" of every cookie that the answer sets, for a Cookie field.
std::string cookies_of(const http::Response& response);

/// Municipalities "ribera" (es, ca; plugin "buzon"; host ribera.test, alias www.ribera.test) and "puerto"
/// (gl, es; "buzon" too, but unavailable; host puerto.test) and "vado" (es; no plugin; host vado.test).
struct World {
    explicit World(config::Mode mode = config::Mode::demostracion, config::HttpRates rates = {},
                   bool listens = false, config::AccessConfig access = {});
    ~World();

    /// As the edge does it: inline if it can be, else by the handler.
    http::Response ask(http::Request request);
    http::Response get(std::string host, std::string target, std::vector<http::Field> fields = {});
    /// Logs in without a second factor; the Cookie field's value.
    std::string session(const std::string& login = "secretaria");

    TestClock clock;
    config::PlatformConfig platform;
    TestDatabases databases;
    identity::Keys keys{std::string(32, 'k')};
    identity::Passwords passwords{identity::HashCost{1, 8192}};
    std::unique_ptr<tenancy::Tenants> tenants;
    plugins::LoadedPlugin plugin;
    plugins::Registry registry;
    i18n::Catalogs catalogs;
    std::filesystem::path folder;
    std::unique_ptr<themes::ThemeSet> themes;
    std::unique_ptr<blobs::Store> blobs;
    std::unique_ptr<blobs::Uploads> uploads;
    process::Sandbox sandbox{
        process::SandboxOptions{CONCEJO_BINARY_DIR "/bin/concejo-sandbox", false, {}, {}}};
    std::unique_ptr<Pages> pages;
    std::unique_ptr<plugins::Services> services;
    std::unique_ptr<Site> site;

    // What the plugin's handlers do and count.
    int renders = 0, sent = 0;
    std::string mood = "uno";
    std::int64_t valid_until = 0;

private:
    void configure(config::Mode mode, config::HttpRates rates);
    void declare();
    void route(plugins::RouteKind kind, const char* method, const char* pattern, const char* permission,
               concejo_http_handler handler, bool cached = false, bool uploads = false);
};

inline constexpr const char* password = "tres gatos en el tejado";

}  // namespace kernel::web
