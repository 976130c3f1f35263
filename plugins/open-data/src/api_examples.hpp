// How a program takes a resource's rows, in the languages of those who work with data.
#pragma once

#include "portal.hpp"

namespace open_data {

/// [{"label","code"}]: curl, Python, R and JavaScript, each complete with what its installation brings.
Json api_examples(const Portal&, const Resource&);

}  // namespace open_data
