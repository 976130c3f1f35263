// The OpenAPI 3.1 description of the board's data.
#pragma once

#include <concejo/json.hpp>

namespace sede {

/// `server`: the municipality's address, without a slash at the end.
concejo::Json openapi(std::string_view server);

}  // namespace sede
