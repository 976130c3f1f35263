// A core with its pages and services: ready to run plugins on somebody's behalf.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/identity/keys.hpp"
#include "kernel/net/http_client.hpp"
#include "kernel/plugins/services.hpp"
#include "kernel/runtime/core.hpp"
#include "kernel/web/pages.hpp"

namespace kernel::runtime {

class Front {
public:
    explicit Front(Core& core)
        : keys(core.keys()),
          pages(core.platform(), *core.tenants, core.registry, *core.themes, core.catalogs, keys, clock),
          http_client(client_options(core.platform())),
          services{core.platform(), *core.tenants, core.registry, *core.databases, core.catalogs,
                   *core.blobs,     *core.uploads, *core.sandbox, pages,           &http_client} {}

    const base::SystemClock clock{};
    identity::Keys keys;
    web::Pages pages;
    net::HttpClient http_client;
    plugins::Services services;

private:
    static net::ClientOptions client_options(const config::PlatformConfig& platform) {
        net::ClientOptions options;
        options.authorities = platform.authorities;
        options.cache = platform.data / "cache-http";
        return options;
    }
};

}  // namespace kernel::runtime
