// The list of a bundle's files with the length and SHA-256 of each: what is signed. `sha256sum --check` reads
// it.
#pragma once

#include "plugins/evidence/bundle/zip.hpp"

namespace evidence::bundle {

constexpr std::string_view manifest_name = "manifiesto.sha256";
constexpr std::string_view signature_name = "manifiesto.firma";

/// Its first line is the format's name and version; whoever signs it with a key that also signs checkpoints
/// cannot have signed one of these: the second line of a checkpoint is a number.
std::string manifest(const std::vector<File>& files);

}  // namespace evidence::bundle
