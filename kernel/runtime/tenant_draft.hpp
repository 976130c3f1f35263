// The file of a new municipality: its text, and whether it would serve. For the command line and for the
// installation's pages.
#pragma once

#include "kernel/runtime/configuration.hpp"

#include <string>
#include <vector>

namespace kernel::runtime {

struct NewTenant {
    std::string slug, name, ine, id;
    std::vector<std::string> hosts, languages, modules;
};

/// Throws Error{invalid} for values that the configuration does not take, Error{conflict} for what another
/// municipality has, or where there is such a file already.
config::Draft draft_of(const paths::Paths&, NewTenant asked);

}  // namespace kernel::runtime
