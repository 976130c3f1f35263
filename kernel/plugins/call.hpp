// The handles that plugins hold without seeing into them.
#pragma once

#include "kernel/blobs/store.hpp"
#include "kernel/config/platform_config.hpp"
#include "kernel/crash/here.hpp"
#include "kernel/plugins/guard.hpp"
#include "kernel/plugins/loaded_plugin.hpp"
#include "kernel/plugins/services.hpp"

#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <vector>

struct concejo_tx;

namespace kernel::plugins {

/// Gone with the call.
struct TemporaryFile {
    explicit TemporaryFile(std::filesystem::path p) : path(std::move(p)) {}
    ~TemporaryFile() {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::filesystem::path path;
};

}  // namespace kernel::plugins

/// Lives on the stack of whoever runs the plugin, for as long as the plugin's function runs.
struct concejo_call {
    kernel::plugins::Services* services;
    kernel::plugins::Scope* scope;
    kernel::plugins::LoadedPlugin* plugin;  ///< whose code is running
    concejo_tx* joined = nullptr;           ///< the transaction that this call is a part of, if any
    std::vector<std::unique_ptr<kernel::plugins::TemporaryFile>> files{};  ///< what answers were saved to
    /// Files that are being copied for put_file, by their path; the call ends no sooner than they do.
    std::map<std::string, std::future<std::unique_ptr<kernel::blobs::FreshFile>>> expected{};

    const kernel::tenancy::Tenant& tenant() const {
        if (!scope->tenant)
            throw concejo::Error(concejo::ErrorKind::internal, "esta llamada no es de ningún municipio");
        return *scope->tenant;
    }
};

struct concejo_reply {
    kernel::plugins::Reply reply;
};

/// A terminal as commands see it.
struct concejo_cli {
    virtual ~concejo_cli() = default;
    virtual void out(std::string_view line) = 0;
    virtual void err(std::string_view line) = 0;
    virtual void write(std::string_view bytes) = 0;
    virtual void progress(std::uint64_t done, std::uint64_t total, std::string_view message) = 0;
    int exit_code = 0;
};

/// A running job as its handler sees it.
struct concejo_job {
    virtual ~concejo_job() = default;
    virtual void progress(std::uint64_t done, std::uint64_t total, std::string_view message) = 0;
    virtual bool cancelled() const = 0;
    virtual concejo::Json about() const = 0;
};

namespace kernel::plugins {

/// Only start() may register; afterwards workers read the registry without locks.
inline HostHandle& registering(const concejo_host* host, const char* what) {
    auto& handle = handle_of(host);
    if (!handle.starting)
        throw concejo::Error(concejo::ErrorKind::internal,
                             std::string(what) + " solo puede declararse mientras el complemento arranca");
    return handle;
}

/// Says that this thread runs the call's plugin, on whose behalf, and from when on it counts as hung: as long
/// again as a handler may take after the client has had its 503. What has no deadline never hangs.
class Running {
public:
    explicit Running(const concejo_call& call)
        : mark_(crash::Phase::call, call.plugin->id,
                call.scope->tenant ? std::string_view(call.scope->tenant->id) : std::string_view(),
                call.scope->request_id, hung_at(call)) {}

private:
    static std::chrono::steady_clock::time_point hung_at(const concejo_call& call) {
        const auto deadline = call.scope->deadline;
        if (deadline == std::chrono::steady_clock::time_point::max()) return crash::Mark::never;
        return deadline + call.services->platform.http.limits.handler;
    }
    crash::Mark mark_;
};

/// Runs one function of the call's plugin. Throws concejo::Error with the plugin's status and text.
template <class F>
void enter(const concejo_call& call, F&& function) {
    const Running running(call);
    last_error().clear();
    raise(function());
}

}  // namespace kernel::plugins
