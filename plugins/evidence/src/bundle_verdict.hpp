// What the verification page says of a `.evidencia` that somebody brings.
#pragma once

#include "office.hpp"

namespace evidence {

/// What the page says first: "tone", "heading", "text" and "lines".
concejo::Json notice(const char* tone, std::string heading, std::string text);

/// By its name or, since names change on the way, by how it begins.
bool looks_like_a_bundle(const std::string& path, std::string_view name);

/// The verdict as concejo-verify gives it, the keys of this municipality's log being known where there is an office.
concejo::Json judge_bundle(const concejo::Request&, concejo::Transaction&,
                           const std::optional<std::shared_ptr<const Office>>&, const std::string& file);

}  // namespace evidence
