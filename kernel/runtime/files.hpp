// The store of contents as the configuration wants it, with what happens when a content is found damaged.
#pragma once

#include "kernel/blobs/uploads.hpp"
#include "kernel/config/platform_config.hpp"
#include "kernel/runtime/databases.hpp"
#include "kernel/tenancy/tenant.hpp"

#include <memory>

namespace kernel::runtime {

/// Damages go to the log, the first time also to the audit and to the content's row. `tenants` and
/// `databases` must outlive the store.
std::unique_ptr<blobs::Store> open_store(const config::PlatformConfig&, const tenancy::Tenants& tenants,
                                         Databases& databases);
blobs::UploadLimits upload_limits(const config::PlatformConfig&);

}  // namespace kernel::runtime
