// A core with its pages and services: ready to run plugins on somebody's behalf.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/identity/keys.hpp"
#include "kernel/plugins/services.hpp"
#include "kernel/runtime/core.hpp"
#include "kernel/web/pages.hpp"

namespace kernel::runtime {

class Front {
public:
    explicit Front(Core& core)
        : keys(identity::Keys::from_file(core.identity_key_file())),
          pages(core.platform(), *core.tenants, core.registry, *core.themes, core.catalogs, keys, clock),
          services{core.platform(), *core.tenants, core.registry, *core.databases, core.catalogs, *core.blobs,
                   *core.uploads,   *core.sandbox, pages} {}

    const base::SystemClock clock{};
    identity::Keys keys;
    web::Pages pages;
    plugins::Services services;
};

}  // namespace kernel::runtime
