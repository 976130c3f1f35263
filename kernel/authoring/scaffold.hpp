// A new plugin: the skeleton's files under another name.
#pragma once

#include "kernel/authoring/plugin_id.hpp"

#include <filesystem>
#include <vector>

namespace kernel::authoring {

/// Writes the files of `skeleton` into `folder`, which must not be there yet. Answers them, relative to it,
/// in order. Throws Error{conflict} for a folder that exists, Error{internal} where it cannot be written.
std::vector<std::filesystem::path> scaffold(const PluginId& id, const std::filesystem::path& skeleton,
                                            const std::filesystem::path& folder);

}  // namespace kernel::authoring
