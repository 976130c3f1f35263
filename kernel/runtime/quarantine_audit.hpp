// Who was put in quarantine, and let out of it, in the audit.
#pragma once

#include "kernel/crash/ledger.hpp"
#include "kernel/paths/paths.hpp"

namespace kernel::runtime {

/// In the municipality's own database, or the installation's. Blocks; throws concejo::Error where the
/// database does not answer.
void audit_quarantine(const paths::Paths&, const crash::Quarantine&, bool lifted);

}  // namespace kernel::runtime
