// The dictionary of a resource: each column, what it means and what it holds, drawn.
#pragma once

#include "portal.hpp"

namespace open_data {

/// [{"name","type","about","facts": [{"label","text"}],"drawing": {"body_html"},"frequent": {"items":
/// […]},"table"}] for the template; `profile` as profile_of() gives it, or null.
Json columns_view(const Portal&, const Resource&, const Json& profile);

/// A column of the profile; null where it is not counted yet.
Json about_of(const Json& profile, std::string_view column);

/// The beginning of a period of a profile as people read it: "2026-03-01" of months is "03/2026".
std::string period_text(const concejo::Call&, std::string_view from, std::string_view unit);

}  // namespace open_data
