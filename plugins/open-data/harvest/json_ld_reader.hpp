// JSON-LD 1.1 as catalogues publish it: with its context inside. What it does not read (contexts of other
// servers, @reverse,
// @nest, @included, containers of graphs) is an error that says so, never a part that is missing.
#pragma once

#include "triples.hpp"

#include <concejo/json.hpp>

namespace open_data::harvest {

/// `base`: the document's address. Throws Error{invalid}.
Triples read_json_ld(const concejo::Json& document, const std::string& base);

}  // namespace open_data::harvest
