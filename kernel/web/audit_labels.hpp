// What the audit's action codes are called by people.
#pragma once

#include <string_view>

namespace kernel::web {

/// A text of the web layer's catalog for an action of the kernel's; nullptr for a plugin's, which declares its own.
const char* label_of_action(std::string_view code);

}  // namespace kernel::web
