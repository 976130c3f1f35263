// A module's block in the text of a municipality's file: read and replaced as text, so that the comments and
// everything else of the file stay as they were, byte for byte.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kernel::config {

/// Blocks of `modulos`, in the file's order. Empty where there is none or the text is no YAML.
std::vector<std::string> module_ids(std::string_view file);

/// The settings of `modulos.<id>` as the file has them, without their common indentation, lines ended by \n;
/// "" where the file has no such block. Throws Error{invalid}, saying where, for a block that cannot be taken
/// apart from the rest (written in one line with others, an alias).
std::string module_body(std::string_view file, const std::string& id);

/// The file with that block's settings replaced (added where there was none), with the file's own line ends
/// and indentation. `body` may come with any line ends. What `body` holds is not checked, but whatever is not
/// of that block still means what it meant: Error{invalid} otherwise, and where module_body() throws.
std::string with_module_body(std::string_view file, const std::string& id, std::string_view body);

/// The settings with `activo` said so; the rest stays. Throws Error{invalid} where they are no YAML mapping.
std::string with_active(std::string_view body, bool active);

}  // namespace kernel::config
