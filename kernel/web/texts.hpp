// The texts that the web layer itself says, as keys of its catalog.
#pragma once

namespace kernel::web::texts {

constexpr const char* N_(const char* text) { return text; }

#include "kernel/web/texts.inc"

}  // namespace kernel::web::texts
