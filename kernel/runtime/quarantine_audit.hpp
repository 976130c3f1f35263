// Who was put in quarantine, and let out of it, in the audit.
#pragma once

#include "kernel/crash/ledger.hpp"
#include "kernel/paths/paths.hpp"

#include <string>

namespace kernel::runtime {

/// In the municipality's own database, or the installation's. `lifted_by`: the audit's actor; "" where the
/// plugin was put in. Blocks; throws concejo::Error where the database does not answer.
void audit_quarantine(const paths::Paths&, const crash::Quarantine&, const std::string& lifted_by);

}  // namespace kernel::runtime
