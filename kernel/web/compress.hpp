// Answers made for one request, made small on their way out. What the page cache keeps is compressed there,
// once.
#pragma once

#include "kernel/http/message.hpp"

namespace kernel::web {

/// In the coding that the client takes, with Vary, where the text is worth it and nobody has chosen a coding,
/// a range or an entity tag before. Not for edge threads. Pages that show a secret mask it anew each time
/// (identity/csrf.hpp), so that their size tells nothing of it.
void compress(const http::Request& request, http::Response& response);

}  // namespace kernel::web
