// The files of somebody's zip.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace evidence::eni {

/// By name. Nothing for what is no zip, cannot be read whole, repeats a name, has more than 5,000 entries or more than
/// 512 MiB unpacked. Parses hostile input: run it where time and memory are limited.
std::optional<std::map<std::string, std::string>> unzip(std::string_view file);

}  // namespace evidence::eni
