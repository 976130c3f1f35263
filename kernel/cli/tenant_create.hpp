// `concejo tenant create`: the file of a new municipality, checked before it is put in its place.
#pragma once

#include "kernel/cli/commands.hpp"

#include <string>
#include <vector>

namespace kernel::cli {

struct NewTenant {
    std::string slug, name, ine, id;
    std::vector<std::string> hosts, languages, modules;
};

/// Throws Error{invalid} for values that the configuration does not take, Error{conflict} for what another
/// municipality has; nothing is written then.
void create_tenant(Context&, const NewTenant&);

}  // namespace kernel::cli
