// `concejo tenant create`: the file of a new municipality, checked before it is put in its place.
#pragma once

#include "kernel/cli/commands.hpp"
#include "kernel/runtime/tenant_draft.hpp"

namespace kernel::cli {

/// Throws Error{invalid} for values that the configuration does not take, Error{conflict} for what another
/// municipality has; nothing is written then.
void create_tenant(Context&, const runtime::NewTenant&);

}  // namespace kernel::cli
