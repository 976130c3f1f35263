// YAML text into our own tree. The only file, with its source, that knows the YAML library.
#pragma once

#include "kernel/config/node.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::config {

struct ReaderOptions {
    std::size_t file_limit = 1 << 20;  ///< bytes
    int depth_limit = 32;
    std::size_t alias_limit = 64;
    std::size_t node_limit = 100'000;  ///< aliases expanded
    bool allow_env = false;            ///< `!env NAME`: only in platform.yaml
    bool allow_secret = true;          ///< `!secret name`
};

/// The document as a tree, or nullopt where it cannot be one. Adds to `problems`: syntax errors, duplicate
/// keys (both places), merge keys, numbers with a leading zero, unknown tags, limits. Where problems have
/// errors the tree may still come, so that a schema finds the rest of them. `file` is how messages name it.
std::optional<Node> read_yaml(std::string_view text, const std::string& file, const ReaderOptions& options,
                              Problems& problems);

/// The same from a file; `shown_as` names it in messages. A file that cannot be read is a problem too.
std::optional<Node> read_yaml_file(const std::filesystem::path& path, const std::string& shown_as,
                                   const ReaderOptions& options, Problems& problems);

}  // namespace kernel::config
