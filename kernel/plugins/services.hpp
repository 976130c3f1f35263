// What the host tables stand on. One per process, built by the worker or the command line.
#pragma once

#include "kernel/plugins/invoke.hpp"

#include <concejo/error.hpp>
#include <concejo/json.hpp>

#include <mutex>
#include <string>
#include <unordered_map>

namespace kernel::config {
struct PlatformConfig;
}
namespace kernel::db {
class Pool;
}
namespace kernel::i18n {
class Catalogs;
}
namespace kernel::blobs {
class Store;
class Uploads;
}  // namespace kernel::blobs
namespace kernel::net {
class HttpClient;
}
namespace kernel::process {
class Sandbox;
}

namespace kernel::plugins {

/// Pages in the theme: the web layer's part of the `pages` service.
class Renderer {
public:
    virtual ~Renderer() = default;
    /// "plugin/template" with the view inside the layout (staff layout for staff routes), or alone.
    virtual std::string render(Scope&, const std::string& template_name, concejo::Json view, bool layout) = 0;
    /// A template of plain text (a mail), alone. Without pages in this process there is none.
    virtual std::string render_plain(Scope&, const std::string& template_name, const concejo::Json& view) {
        (void)view;
        throw concejo::Error(concejo::ErrorKind::unavailable, "aquí no hay plantillas: " + template_name);
    }
    /// {"shield": SVG, "brand": "#rrggbb"} of the municipality, for documents; nothing where there are no themes.
    virtual concejo::Json look(const tenancy::Tenant&) { return concejo::Json::object(); }
    /// "/tablon" -> "/es/tablon" in the scope's language; absolute on the canonical host.
    virtual std::string url(const Scope&, std::string_view path, bool absolute) = 0;
};

/// The databases: one pool for each cluster that a municipality is placed on.
class Databases {
public:
    virtual ~Databases() = default;
    virtual db::Pool& of(const tenancy::Tenant&) = 0;
};

/// Texts that are the same during a generation, each made when it is first asked for.
class KeptTexts {
public:
    /// `make` runs once for each key, unless it throws.
    template <class Make>
    const std::string& of(const std::string& key, Make make) {
        std::lock_guard lock(mutex_);
        const auto found = texts_.find(key);
        return found != texts_.end() ? found->second : texts_.emplace(key, make()).first->second;
    }

private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::string> texts_;
};

class Services {
public:
    const config::PlatformConfig& platform;
    const tenancy::Tenants& tenants;
    const Registry& registry;
    Databases& databases;
    i18n::Catalogs& catalogs;
    blobs::Store& blobs;
    blobs::Uploads& uploads;
    process::Sandbox& sandbox;
    Renderer& renderer;
    const net::HttpClient* http_client = nullptr;  ///< null: this process sends no requests
    KeptTexts municipalities = {};                 ///< what config/1 says of each, by its id
};

}  // namespace kernel::plugins
